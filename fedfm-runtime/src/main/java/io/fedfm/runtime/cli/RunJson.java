package io.fedfm.runtime.cli;

import io.fedfm.runtime.run.Communication;
import io.fedfm.runtime.run.RoundReport;
import io.fedfm.runtime.run.RunSummary;
import io.fedfm.runtime.run.Seconds;
import java.util.Map;

/** Runs and rounds as JSON objects. */
final class RunJson {
    private RunJson() {}

    /** The whole run, with its rounds if {@code history} is wanted. */
    static Map<String, Object> summary(RunSummary summary, boolean history) {
        Map<String, Object> parameters = Json.object();
        parameters.put("total", summary.parameters().total());
        parameters.put("trainable", summary.parameters().trainable());
        parameters.put("trainable_pct", summary.parameters().trainablePercent());
        Map<String, Object> object = Json.object();
        object.put("run", summary.run());
        object.put("rounds", summary.rounds());
        object.put("method", summary.method());
        object.put("parameters", parameters);
        object.put("metrics", metrics(summary.metrics()));
        object.put("communication", communication(summary.communication()));
        object.put("seconds", seconds(summary.seconds()));
        object.put("adapter_sha256", summary.adapterSha256());
        object.put("steps", summary.steps());
        object.put("evaluated_rows", summary.evaluatedRows());
        object.put("first_round_loss", Json.finite(summary.firstRoundLoss()));
        if (history) {
            object.put("history", summary.history().stream().map(RunJson::round).toList());
        }
        return object;
    }

    /** One round. */
    static Map<String, Object> round(RoundReport report) {
        Map<String, Object> object = Json.object();
        object.put("round", report.round());
        object.put("clients", report.clients());
        object.put("train_loss", Json.finite(report.trainLoss()));
        object.put("metrics", metrics(report.metrics()));
        object.put("steps", report.steps());
        object.put("samples", report.samples());
        object.put("evaluated_rows", report.evaluatedRows());
        object.put("communication", communication(report.communication()));
        object.put("seconds", seconds(report.seconds()));
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

    private static Map<String, Object> seconds(Seconds seconds) {
        Map<String, Object> object = Json.object();
        object.put("total", milliseconds(seconds.total()));
        object.put("train", milliseconds(seconds.train()));
        object.put("evaluate", milliseconds(seconds.evaluate()));
        object.put("aggregate", milliseconds(seconds.aggregate()));
        return object;
    }

    private static double milliseconds(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
