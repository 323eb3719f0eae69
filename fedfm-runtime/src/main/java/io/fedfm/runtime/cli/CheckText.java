package io.fedfm.runtime.cli;

import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import java.util.List;
import java.util.Locale;

/** What checking one backbone came to, for people. */
final class CheckText {
    static final List<SiteKind> SHOWN =
            List.of(SiteKind.LINEAR, SiteKind.HIDDEN, SiteKind.ATTENTION, SiteKind.EMBEDDING);

    private CheckText() {}

    /** Sites, a line for each method, and what stands in the way. */
    static String of(CheckReport report) {
        StringBuilder text = new StringBuilder();
        SHOWN.forEach(
                kind ->
                        text.append(report.sites().getOrDefault(kind, 0))
                                .append(' ')
                                .append(name(kind))
                                .append(kind == SiteKind.EMBEDDING ? " sites, " : ", "));
        text.append(String.format(Locale.ROOT, "%,d parameters%n%n", report.parameters()));
        if (!report.checks().isEmpty()) {
            text.append(table(report.checks())).append('\n');
        }
        if (report.sites().isEmpty()) {
            text.append("no transformer block was found: there is nothing to train\n");
        }
        report.unsupported()
                .forEach(line -> text.append("unsupported: ").append(line).append('\n'));
        report.notApplicable()
                .forEach(line -> text.append("not applicable: ").append(line).append('\n'));
        return text.append(report.ok() ? "ok\n" : "not ok\n").toString();
    }

    private static String table(List<MethodCheck> checks) {
        TextTable table =
                new TextTable(
                        "method",
                        "fused vs split",
                        "fused vs torch",
                        "directional",
                        "negligible",
                        "");
        for (MethodCheck c : checks) {
            table.row(
                    c.method(),
                    number(c.fusedVsSplit()),
                    number(c.fusedVsTorch()),
                    number(c.directional()),
                    c.negligible().size(),
                    c.ok() ? "ok" : "OUT OF BOUNDS");
        }
        table.row(
                "bound",
                number(checks.get(0).splitBound()),
                number(MethodCheck.EXACT),
                number(MethodCheck.APPROXIMATE),
                "",
                "");
        return table.render();
    }

    /** The name of a kind of site. */
    static String name(SiteKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Two digits of a difference; none where there is no number. */
    static String number(double value) {
        return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.1e", value);
    }
}
