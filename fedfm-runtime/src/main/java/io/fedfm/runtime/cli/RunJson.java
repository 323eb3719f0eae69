package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.federation.RoundResult.ClientReport;
import io.fedfm.runtime.federation.RoundResult.Communication;
import io.fedfm.runtime.federation.RoundResult.Seconds;
import io.fedfm.runtime.record.RunTotals;
import io.fedfm.runtime.run.RunSummary;
import java.util.Map;

/** Runs and rounds as JSON objects; a round's is that of {@code metrics.jsonl}. */
final class RunJson {
    private RunJson() {}

    /** The whole run, with its rounds if {@code history} is wanted. */
    static Map<String, Object> summary(RunSummary summary, boolean history) {
        RunTotals totals = summary.totals();
        Map<String, Object> parameters = Json.object();
        parameters.put("total", summary.parameters().total());
        parameters.put("trainable", summary.parameters().trainable());
        parameters.put("trainable_pct", summary.parameters().trainablePercent());
        Map<String, Object> object = Json.object();
        object.put("run", summary.run());
        object.put("rounds", totals.rounds());
        object.put("method", summary.method());
        object.put("parameters", parameters);
        object.put("metrics", metrics(totals.metrics()));
        object.put("communication", communication(totals.communication()));
        object.put("seconds", seconds(summary.seconds(), totals.seconds()));
        object.put("adapter_sha256", summary.adapterSha256());
        object.put("steps", totals.steps());
        object.put("evaluated_rows", totals.evaluatedRows());
        object.put("first_round_loss", Json.finite(summary.firstRoundLoss()));
        if (history) {
            object.put("history", summary.rounds().stream().map(RunJson::round).toList());
        }
        return object;
    }

    /** One round. */
    static Map<String, Object> round(RoundResult result) {
        Map<String, Object> object = Json.object();
        object.put("round", result.round());
        object.put("loss", Json.finite(result.loss()));
        object.put("metrics", metrics(result.metrics()));
        object.put("evaluated_rows", result.evaluatedRows());
        object.put("steps", result.steps());
        object.put("communication", communication(result.communication()));
        object.put("seconds", seconds(result.seconds().total(), result.seconds()));
        object.put("clients", result.clients().stream().map(RunJson::client).toList());
        return object;
    }

    private static Map<String, Object> client(ClientReport report) {
        Map<String, Object> object = Json.object();
        object.put("client", report.client());
        object.put("samples", report.samples());
        object.put("steps", report.steps());
        object.put("loss", Json.finite(report.loss()));
        return object;
    }

    private static Map<String, Object> metrics(Map<String, Double> metrics) {
        Map<String, Object> object = Json.object();
        metrics.forEach((name, value) -> object.put(name, Json.finite(value)));
        return object;
    }

    private static Map<String, Object> communication(Communication bytes) {
        Map<String, Object> object = Json.object();
        object.put("up_bytes", bytes.upBytes());
        object.put("down_bytes", bytes.downBytes());
        return object;
    }

    private static Map<String, Object> seconds(double total, Seconds parts) {
        Map<String, Object> object = Json.object();
        object.put("total", milliseconds(total));
        object.put("train", milliseconds(parts.train()));
        object.put("evaluate", milliseconds(parts.evaluate()));
        object.put("aggregate", milliseconds(parts.aggregate()));
        return object;
    }

    private static double milliseconds(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
