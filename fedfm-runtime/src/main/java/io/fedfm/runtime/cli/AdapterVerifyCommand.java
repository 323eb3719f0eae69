package io.fedfm.runtime.cli;

import io.fedfm.runtime.export.AdapterVerification;
import io.fedfm.runtime.export.RunChoice;
import io.fedfm.runtime.export.VerificationReport;
import io.fedfm.runtime.export.VerificationReport.Comparison;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm adapter verify}: whether an export gives what its run gives. */
@Command(
        name = "verify",
        description = {
            "Loads an export as its users do and compares its logits with those of the run, on random"
                    + " inputs of several shapes.",
            "Exits with 1 if they differ by more than rounding."
        })
final class AdapterVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "EXPORT", description = "The folder of an export.")
    Path export;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            required = true,
            description = "The id of the run, its folder, or 'latest'.")
    String run;

    @Option(
            names = "--round",
            paramLabel = "N",
            description = "The round that was exported (default: the last one).")
    Integer round;

    @Option(
            names = "--client",
            paramLabel = "N",
            description = "The client whose head was exported, where federation.head is local.")
    Integer client;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of the inputs (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Write the inputs and the run's logits as JSON, a batch a line.")
    Path save;

    @Mixin RunsOption runs;
    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;

    private final AdapterVerification verification;
    private final Console console;

    AdapterVerifyCommand(AdapterVerification verification, Console console) {
        this.verification = verification;
        this.console = console;
    }

    @Override
    public Integer call() {
        RunChoice choice =
                new RunChoice(
                        RunFolders.find(runs.folder, run), of(round), of(client), plugins.folders);
        VerificationReport report =
                verification.verify(export, choice, seed, Optional.ofNullable(save));
        console.out()
                .print(format.value == Format.TEXT ? text(report) : Json.line(json(report)) + "\n");
        console.out().flush();
        return report.ok() ? 0 : 1;
    }

    private static OptionalInt of(Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static String text(VerificationReport report) {
        TextTable table =
                new TextTable("rows", "tokens", "largest difference", "largest logit", "");
        for (Comparison c : report.comparisons()) {
            table.row(
                    c.rows(),
                    c.length() == 0 ? "image" : c.length(),
                    number(c.difference()),
                    number(c.largest()),
                    c.ok() ? "ok" : "OUT OF BOUNDS");
        }
        return String.format(
                Locale.ROOT,
                "%s against round %d of %s%n%n%s%n%s: the largest difference is %s%n",
                report.loaded(),
                report.round(),
                report.run(),
                table.render(),
                report.ok() ? "ok" : "not ok",
                number(report.difference()));
    }

    private static Map<String, Object> json(VerificationReport report) {
        Map<String, Object> object = Json.object();
        object.put("ok", report.ok());
        object.put("run", report.run());
        object.put("round", report.round());
        object.put("loaded", report.loaded());
        object.put("largest_difference", Json.finite(report.difference()));
        object.put("bound", VerificationReport.BOUND);
        object.put(
                "comparisons",
                report.comparisons().stream().map(AdapterVerifyCommand::json).toList());
        return object;
    }

    private static Map<String, Object> json(Comparison comparison) {
        Map<String, Object> object = Json.object();
        object.put("rows", comparison.rows());
        object.put("length", comparison.length());
        object.put("largest_difference", Json.finite(comparison.difference()));
        object.put("largest_logit", Json.finite(comparison.largest()));
        object.put("ok", comparison.ok());
        return object;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "none" : String.format(Locale.ROOT, "%.1e", value);
    }
}
