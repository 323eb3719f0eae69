package io.fedfm.dist;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ConfigReader;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.peft.Naming;
import io.fedfm.runtime.peft.PeftAdapter;
import io.fedfm.runtime.peft.PeftDirectory;
import io.fedfm.runtime.peft.PeftSettings;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.setup.PreparedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/** An adapter that the PEFT library saved, taken in on its model. */
final class PeftFixture implements AutoCloseable {
    static final Path FOLDER = Path.of("src/test/resources/peft");

    private final PeftDirectory directory;
    private final Npz oracle;
    private final PreparedModel model;
    private final PlannedModel planned;
    private final PeftAdapter adapter;
    private final BufferAllocator allocator;

    PeftFixture(String name, Path scratch, BufferAllocator allocator) {
        this.allocator = allocator;
        this.directory = PeftDirectory.open(FOLDER.resolve(name));
        this.oracle = Npz.read(FOLDER.resolve(name).resolve("oracle.npz"));
        String family = name.substring(0, name.indexOf('-'));
        RunConfig bare = config(family, scratch, "lora", Map.of());
        this.model = PreparedModel.open(bare.model(), bare.seed(), GeneratedModels.inUserCache());
        ParameterLayout tensors = directory.layout(allocator);
        String method = directory.type().method();
        RunConfig config =
                config(family, scratch, method, PeftSettings.of(directory, tensors, model));
        this.planned =
                PlannedModel.of(
                        config,
                        model,
                        model.plan(
                                InstalledPlugins.load()
                                        .createMethod(
                                                method, config.peft().methods().get(0).settings())),
                        3,
                        1,
                        allocator);
        this.adapter = PeftAdapter.of(planned, Naming.TRANSFORMERS4);
    }

    PeftDirectory directory() {
        return directory;
    }

    Npz oracle() {
        return oracle;
    }

    PlannedModel planned() {
        return planned;
    }

    PeftAdapter adapter() {
        return adapter;
    }

    /** The adapter's values as our parameters. */
    ParameterVector parameters() {
        ParameterVector vector = ParameterVector.zeros(allocator, planned.woven().layout());
        directory.restore(adapter, vector, allocator);
        return vector;
    }

    Batch batch() {
        Tensor ids = oracle.get("ids");
        Map<String, Tensor> feeds = new HashMap<>();
        feeds.put("input_ids", ids);
        feeds.put("attention_mask", oracle.get("mask"));
        if (model.backbone().graph().inputs().containsKey("token_type_ids")) {
            feeds.put(
                    "token_type_ids",
                    Tensor.longs(new long[Math.toIntExact(ids.size())], ids.shape()));
        }
        feeds.put(Batch.LABELS, oracle.get("labels"));
        return new Batch(feeds, (int) ids.shape()[0], (int) ids.shape()[1]);
    }

    private static RunConfig config(
            String family, Path scratch, String method, Map<String, Object> settings) {
        StringBuilder yaml = new StringBuilder("model:\n");
        yaml.append("  path: ").append(FOLDER.resolve("models").resolve(family).toAbsolutePath());
        yaml.append(family.equals("bert") ? "\n  pooling: pooler\n" : "\n  task: CAUSAL_LM\n");
        yaml.append("data: {path: none.csv}\npeft:\n  type: ").append(method).append('\n');
        settings.forEach(
                (key, value) ->
                        yaml.append("  ")
                                .append(key)
                                .append(": ")
                                .append(flow(value))
                                .append('\n'));
        try {
            Path file = Files.writeString(scratch.resolve("run.yaml"), yaml);
            return new ConfigReader(scratch).recorded(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String flow(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(PeftFixture::flow).toList().toString();
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder text = new StringBuilder("{");
            map.forEach(
                    (key, each) ->
                            text.append(text.length() > 1 ? ", " : "")
                                    .append('"')
                                    .append(key)
                                    .append("\": ")
                                    .append(flow(each)));
            return text.append('}').toString();
        }
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }

    @Override
    public void close() {
        model.close();
    }
}
