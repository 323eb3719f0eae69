package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.deploy.OnnxFormat;
import io.fedfm.runtime.deploy.TrainedModel;
import io.fedfm.runtime.graph.DeployedModel;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.Trainable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the built-in methods trained gives the same logits in ONNX Runtime alone. */
final class OnnxFormsTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final int CLASSES = 5;
    private static final int ROWS = 3;
    private static final int LENGTH = 6;

    private static PluginRegistry plugins;

    @TempDir private Path folder;

    @BeforeAll
    static void loadPlugins() {
        plugins = InstalledPlugins.load();
    }

    @ParameterizedTest
    @CsvSource({
        "dora, bert-torchscript-eager, MERGED_ONNX",
        "dora, gpt2-dynamo-sdpa, MERGED_ONNX",
        "dora, llama-torchscript-eager, MERGED_ONNX",
        "dora, vit-dynamo-eager, ONNX",
        "ia3, bert-dynamo-sdpa, MERGED_ONNX",
        "ia3, gpt2-torchscript-eager, MERGED_ONNX",
        "ia3, llama-dynamo-eager, MERGED_ONNX",
        "ia3, gpt2-dynamo-sdpa, ONNX",
        "vera, bert-torchscript-eager, MERGED_ONNX",
        "vera, gpt2-dynamo-sdpa, MERGED_ONNX",
        "vera, vit-torchscript-sdpa, MERGED_ONNX",
        "vera, llama-dynamo-eager, ONNX",
        "bitfit, bert-torchscript-eager, MERGED_ONNX",
        "bitfit, bert-dynamo-sdpa, MERGED_ONNX",
        "bitfit, gpt2-dynamo-sdpa, MERGED_ONNX",
        "bitfit, vit-torchscript-sdpa, ONNX",
        "ln_tuning, bert-torchscript-eager-opset11, MERGED_ONNX",
        "ln_tuning, llama-dynamo-eager, MERGED_ONNX",
        "ln_tuning, vit-dynamo-eager, ONNX",
        "full, bert-torchscript-eager, MERGED_ONNX",
        "full, gpt2-dynamo-sdpa, MERGED_ONNX",
        "full, gpt2-torchscript-eager, MERGED_ONNX",
        "full, llama-torchscript-eager, MERGED_ONNX",
        "full, vit-dynamo-eager, MERGED_ONNX",
        "full, bert-dynamo-sdpa, ONNX",
        "adapter, bert-torchscript-eager, ONNX",
        "adapter, vit-torchscript-sdpa, ONNX",
        "prompt, bert-torchscript-eager, ONNX",
        "prompt, gpt2-dynamo-sdpa, ONNX",
        "prefix, bert-dynamo-sdpa, ONNX",
        "prefix, llama-torchscript-eager, ONNX",
        "dora, ../quantised/bert-dynamic, ONNX",
        "ln_tuning, ../quantised/llama-dynamic, ONNX",
        "ln_tuning, ../quantised/llama-dynamic, MERGED_ONNX",
        "bitfit, ../quantised/bert-dynamic-channels, MERGED_ONNX",
    })
    void logitsAreThoseOfTheProgram(String method, String file, OnnxFormat form) throws Exception {
        compare(method, EXPORTS.resolve(file + ".onnx"), form);
    }

    @ParameterizedTest
    @CsvSource({"dora, ONNX", "dora, MERGED_ONNX", "full, MERGED_ONNX"})
    void constantsThatLieBesideTheBackboneLieBesideTheModel(String method, OnnxFormat form)
            throws Exception {
        Path external = Files.createDirectory(folder.resolve("external"));
        SourceModel source = SourceModel.read(EXPORTS.resolve("bert-torchscript-eager.onnx"));
        new DeployedModel(source.graph(), source.outputs(), source.metadata(), true)
                .write(external);

        compare(method, external.resolve(OnnxFormat.MODEL), form);

        Path data = folder.resolve(OnnxFormat.MODEL + "_data");
        assertThat(data).isRegularFile();
        assertThat(Files.size(folder.resolve(OnnxFormat.MODEL))).isLessThan(Files.size(data));
    }

    /** Trains a little, exports, and runs the files. */
    private void compare(String method, Path onnx, OnnxFormat form) throws Exception {
        try (RootAllocator allocator = new RootAllocator();
                FrozenBackbone backbone =
                        FrozenBackbone.of(OnnxReader.read(onnx), folder.resolve("cache"))) {
            PeftPlan plan = plan(method, backbone);
            Objective objective = objective(backbone.outputs());
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
            List<Trainable> trainables = compiler.inline().trainables();
            try (Program program = compiler.fused();
                    ParameterVector parameters =
                            ParameterVector.zeros(allocator, compiler.inline().layout())) {
                trainables.forEach(t -> train(t, parameters.floats(t.name())));
                form.write(
                        new TrainedModel(
                                onnx, backbone, plan, objective, TrainedModel.views(parameters)),
                        folder);
                Map<String, Tensor> inputs =
                        ExampleInputs.make(backbone.graph(), ROWS, LENGTH, new Random(1), true);
                Map<String, Tensor> feeds = new HashMap<>(inputs);
                feeds.put(Batch.LABELS, labels(objective));
                float[] own = program.logits(new Batch(feeds, ROWS, LENGTH), parameters).toFloats();
                float largest = 1;
                for (float logit : own) {
                    largest = Math.max(largest, Math.abs(logit));
                }
                assertThat(plainOrt(inputs)).containsExactly(own, within(1e-4f * largest));
            }
        }
    }

    private static PeftPlan plan(String method, FrozenBackbone backbone) {
        Map<String, Object> settings =
                switch (method) {
                    case "dora" ->
                            Map.of(
                                    "use_dora",
                                    true,
                                    "r",
                                    3,
                                    "target_modules",
                                    List.of("q", "v", "up", "down"));
                    case "vera" -> Map.of("r", 4, "target_modules", List.of("q", "v"));
                    case "prompt", "prefix" -> Map.of("num_virtual_tokens", 3);
                    default -> Map.of();
                };
        String type = method.equals("dora") ? "lora" : method;
        return plugins.createMethod(type, Settings.of("peft", settings))
                .plan(backbone.anatomy().backbone());
    }

    private static Objective objective(BackboneOutputs outputs) {
        if (outputs.tokenLogits()) {
            return new CausalLanguageModelling();
        }
        return new SequenceClassification(Pooling.MEAN, outputs.width(), CLASSES);
    }

    private static Tensor labels(Objective objective) {
        return objective.labelDimensions().size() == 2
                ? Tensor.longs(new long[ROWS * LENGTH], ROWS, LENGTH)
                : Tensor.longs(new long[ROWS], ROWS);
    }

    /** Away from the start, where many methods change nothing. */
    private static void train(Trainable trainable, FloatBuffer values) {
        Random random = new Random(trainable.name().hashCode());
        for (int i = 0; i < values.capacity(); i++) {
            float start =
                    trainable.value() == null
                            ? trainable.initializer().next(random, trainable.shape())
                            : trainable.value().data().getFloat(Float.BYTES * i);
            values.put(i, start + 0.05f * (float) random.nextGaussian());
        }
    }

    private float[] plainOrt(Map<String, Tensor> inputs) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> feeds = new HashMap<>();
        String model = folder.resolve(OnnxFormat.MODEL).toString();
        try (OrtSession session = environment.createSession(model)) {
            for (String name : session.getInputNames()) {
                Tensor input = inputs.get(name);
                ByteBuffer data =
                        ByteBuffer.allocateDirect(input.data().remaining())
                                .order(ByteOrder.nativeOrder());
                data.put(input.data()).flip();
                feeds.put(
                        name,
                        input.type() == ElementType.FLOAT
                                ? OnnxTensor.createTensor(
                                        environment, data.asFloatBuffer(), input.shape())
                                : OnnxTensor.createTensor(
                                        environment, data.asLongBuffer(), input.shape()));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                FloatBuffer logits = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[logits.remaining()];
                logits.get(values);
                return values;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }
}
