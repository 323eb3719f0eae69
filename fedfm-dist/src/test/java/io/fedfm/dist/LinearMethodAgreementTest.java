package io.fedfm.dist;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.FrozenBackbone;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits, loss and gradients of methods at linear layers, against the real PEFT library's. */
final class LinearMethodAgreementTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final Path FIXTURES = Path.of("src/test/resources/agreement/peft");

    @TempDir private static Path cache;
    private static PluginRegistry plugins;

    /**
     * What was computed.
     *
     * @param export the backbone's file
     * @param type the method
     * @param settings of the method
     */
    record Case(String export, String type, Map<String, Object> settings) {}

    @BeforeAll
    static void loadPlugins() {
        plugins = InstalledPlugins.load();
    }

    static Stream<Arguments> cases() throws IOException {
        return cases(FIXTURES).entrySet().stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static Map<String, Case> cases(Path folder) throws IOException {
        return new ObjectMapper()
                .readValue(
                        folder.resolve("cases.json").toFile(),
                        new TypeReference<Map<String, Case>>() {});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void agreesWithThePeftLibrary(String name, Case tested) {
        Npz npz = Npz.read(FIXTURES.resolve(name + ".npz"));
        Path export = EXPORTS.resolve(tested.export() + ".onnx");
        try (BufferAllocator allocator = new RootAllocator();
                FrozenBackbone backbone = FrozenBackbone.of(OnnxReader.read(export), cache)) {
            PeftPlan plan =
                    plugins.createMethod(tested.type(), Settings.of("peft", tested.settings()))
                            .plan(backbone.anatomy().backbone());
            for (boolean fused : List.of(true, false)) {
                try (AgreementRun run =
                        new AgreementRun(
                                backbone,
                                plan,
                                fused,
                                npz,
                                UnaryOperator.identity(),
                                suffix -> AgreementRun.batch(npz, inputs(npz), suffix),
                                allocator)) {
                    run.assertSameParameters();
                    run.assertSameLogits();
                    run.assertSameGradients();
                }
            }
        }
    }

    private static Map<String, Tensor> inputs(Npz npz) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (String name : List.of("input_ids", "attention_mask", "token_type_ids")) {
            if (npz.has(name)) {
                inputs.put(name, npz.get(name));
            }
        }
        return inputs;
    }
}
