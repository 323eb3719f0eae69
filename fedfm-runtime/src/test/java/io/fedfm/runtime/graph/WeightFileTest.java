package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeightFileTest {
    @TempDir private Path cache;

    @Test
    void keepsLargeConstantsInOneFileOnPages() throws IOException {
        Graph graph = stack();
        try (WeightFile weights = WeightFile.of(graph, cache)) {
            Map<String, Tensor> constants = weights.backbone().initializers();
            assertThat(weights.slot("a", constants.get("a")).orElseThrow().offset()).isZero();
            assertThat(weights.slot("b", constants.get("b")).orElseThrow())
                    .isEqualTo(new WeightFile.Slot(weights.location(), 8192, 4800));
            assertThat(weights.slot("bias", constants.get("bias"))).isEmpty();
            assertThat(Files.size(weights.folder().resolve(weights.location()))).isEqualTo(16384);
            assertThat(weights.bytes()).isEqualTo(7200 + 4800);
            assertThat(constants.get("a").data().isDirect()).isTrue();
            graph.initializers()
                    .forEach(
                            (name, tensor) ->
                                    assertThat(constants.get(name).data())
                                            .isEqualTo(tensor.data()));
        }
    }

    @Test
    void writesADamagedFileAgain() throws IOException {
        Graph graph = stack();
        Path file;
        try (WeightFile weights = WeightFile.of(graph, cache)) {
            file = weights.folder().resolve(weights.location());
        }
        byte[] sound = Files.readAllBytes(file);
        byte[] damaged = sound.clone();
        damaged[100] ^= 1;
        Files.write(file, damaged);

        WeightFile.of(graph, cache).close();

        assertThat(Files.readAllBytes(file)).isEqualTo(sound);
    }

    @Test
    void runsFromTheFileAsFromTheModelItself() {
        Graph graph = stack();
        Map<String, Tensor> feeds = Models.examples(graph);
        try (WeightFile weights = WeightFile.of(graph, cache)) {
            byte[] model = OnnxWriter.write(weights.backbone(), weights);
            assertThat(model).hasSizeLessThan(1500);
            Map<String, Tensor> actual = Ort.run(model, weights.folder().toString(), feeds);
            assertThat(actual.get("z").toFloats())
                    .isEqualTo(Ort.run(OnnxWriter.write(graph), feeds).get("z").toFloats());
        }
    }

    @Test
    void embedsAConstantThatTookTheNameOfAnother() {
        Graph graph = stack();
        Map<String, Tensor> feeds = Models.examples(graph);
        try (WeightFile weights = WeightFile.of(graph, cache)) {
            Graph changed = weights.backbone().copy();
            changed.addInitializer(
                    "b", TensorFill.fill(ElementType.FLOAT, new long[] {24, 50}, i -> 0));
            Map<String, Tensor> actual =
                    Ort.run(OnnxWriter.write(changed, weights), weights.folder().toString(), feeds);
            assertThat(actual.get("z").toFloats()).containsOnly(0);
        }
    }

    @Test
    void takesTheFileThatIsThereUnlessItIsCutShort() throws IOException {
        Path file;
        try (WeightFile weights = WeightFile.of(stack(), cache)) {
            file = weights.folder().resolve(weights.location());
        }
        FileTime old = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, old);
        try (WeightFile again = WeightFile.of(stack(), cache)) {
            assertThat(again.folder().resolve(again.location())).isEqualTo(file);
            assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
        }
        Files.write(file, new byte[10]);
        try (WeightFile again = WeightFile.of(stack(), cache)) {
            assertThat(again.backbone().initializers().get("b").toFloats())
                    .isEqualTo(stack().initializers().get("b").toFloats());
        }
        Graph other = stack();
        other.addInitializer("b", TensorFill.fill(ElementType.FLOAT, new long[] {24, 50}, i -> 1));
        try (WeightFile weights = WeightFile.of(other, cache)) {
            assertThat(weights.location()).isNotEqualTo(file.getFileName().toString());
        }
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void saysWhatToDoWhereItCannotWrite() throws IOException {
        Path blocked = Files.write(cache.resolve("file"), new byte[0]);
        assertThatThrownBy(() -> WeightFile.of(stack(), blocked.resolve("below")))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED))
                .hasMessageContaining("FEDFM_CACHE");
    }

    @Test
    void cachesInTheHomeFolderOrWhereTheEnvironmentSays() {
        Path home = Path.of("/home/user");
        assertThat(CacheFolder.of(Map.of(), home)).isEqualTo(home.resolve(".cache/fedfm"));
        assertThat(CacheFolder.of(Map.of("FEDFM_CACHE", "/big"), home)).isEqualTo(Path.of("/big"));
    }

    /** z = ((x a) + bias) b; a takes 7200 bytes and b 4800. */
    private static Graph stack() {
        Graph graph = new Graph();
        graph.addInput(ValueInfo.of("x", ElementType.FLOAT, "batch", "75"));
        graph.addInitializer("a", Models.random(75, 24));
        graph.addInitializer("bias", Models.random(24));
        graph.addInitializer("b", Models.random(24, 50));
        Models.node(graph, "MatMul", Attributes.none(), List.of("x", "a"), "y");
        Models.node(graph, "Add", Attributes.none(), List.of("y", "bias"), "s");
        Models.node(graph, "MatMul", Attributes.none(), List.of("s", "b"), "z");
        graph.addOutput("z");
        return graph;
    }
}
