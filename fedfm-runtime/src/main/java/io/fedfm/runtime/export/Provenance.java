package io.fedfm.runtime.export;

import io.fedfm.runtime.peft.AdapterJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Where an export comes from: {@code fedfm.json} beside its files. */
final class Provenance {
    private static final String FILE = "fedfm.json";

    private Provenance() {}

    /** Writes what the run is, and the hashes of all that made it. */
    static void write(TrainedRun run, String format, ExportOptions options, Path folder)
            throws IOException {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("run", run.id());
        facts.put("round", run.round());
        facts.put("seed", run.config().seed());
        facts.put("method", run.config().peft().type());
        facts.put("pooling", run.config().model().pooling().name().toLowerCase(Locale.ROOT));
        facts.put("format", format);
        facts.put("naming", options.naming().name().toLowerCase(Locale.ROOT));
        facts.put("fedfm", run.environment().versions().getOrDefault("fedfm", "unknown"));
        facts.put("labels", run.labels());
        facts.put("config_sha256", run.checkpoint().manifest().configSha256());
        facts.put("adapter_sha256", run.checkpoint().manifest().files().get("adapter.safetensors"));
        facts.put("backbone_sha256", run.environment().backbone().sha256());
        List<Map<String, String>> plugins =
                run.environment().plugins().stream()
                        .map(
                                plugin ->
                                        Map.of(
                                                "kind", plugin.kind(),
                                                "name", plugin.name(),
                                                "sha256", plugin.sha256()))
                        .toList();
        facts.put("plugins", plugins);
        Files.writeString(folder.resolve(FILE), AdapterJson.text(facts));
    }
}
