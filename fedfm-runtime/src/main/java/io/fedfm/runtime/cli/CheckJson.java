package io.fedfm.runtime.cli;

import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import java.util.Map;

/** What checking backbones came to, for programs. */
final class CheckJson {
    private CheckJson() {}

    /** One backbone. */
    static Map<String, Object> of(CheckReport report) {
        Map<String, Object> sites = Json.object();
        CheckText.SHOWN.forEach(
                kind -> sites.put(CheckText.name(kind), report.sites().getOrDefault(kind, 0)));
        Map<String, Object> object = Json.object();
        object.put("ok", report.ok());
        object.put("sites", sites);
        object.put("parameters", report.parameters());
        object.put("checks", report.checks().stream().map(CheckJson::of).toList());
        object.put("unsupported", report.unsupported());
        object.put("not_applicable", report.notApplicable());
        return object;
    }

    private static Map<String, Object> of(MethodCheck check) {
        Map<String, Object> object = Json.object();
        object.put("method", check.method());
        object.put("fused_vs_split", Json.finite(check.fusedVsSplit()));
        object.put("fused_vs_torch", Json.finite(check.fusedVsTorch()));
        object.put("directional", Json.finite(check.directional()));
        object.put("negligible", check.negligible());
        return object;
    }
}
