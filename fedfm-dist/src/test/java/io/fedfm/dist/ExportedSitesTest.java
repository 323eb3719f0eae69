package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.anatomy.HeadFinder;
import io.fedfm.runtime.anatomy.Outputs;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every site of every export, against what the architecture is. */
final class ExportedSitesTest {
    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final int BLOCKS = 2;

    /** Role and module path, below the path of the block, in the order of PyTorch's modules. */
    private static final Map<String, List<String>> LAYERS =
            Map.of(
                    "bert", bert(),
                    "roberta", bert(),
                    "distilbert",
                            List.of(
                                    "q attention.q_lin",
                                    "k attention.k_lin",
                                    "v attention.v_lin",
                                    "o attention.out_lin",
                                    "up ffn.lin1",
                                    "down ffn.lin2"),
                    "gpt2",
                            List.of(
                                    "qkv attn.c_attn",
                                    "q attn.c_attn[q]",
                                    "k attn.c_attn[k]",
                                    "v attn.c_attn[v]",
                                    "o attn.c_proj",
                                    "up mlp.c_fc",
                                    "down mlp.c_proj"),
                    "llama",
                            List.of(
                                    "q self_attn.q_proj",
                                    "k self_attn.k_proj",
                                    "v self_attn.v_proj",
                                    "o self_attn.o_proj",
                                    "up mlp.up_proj",
                                    "gate mlp.gate_proj",
                                    "down mlp.down_proj"),
                    "vit",
                            List.of(
                                    "q attention.q_proj",
                                    "k attention.k_proj",
                                    "v attention.v_proj",
                                    "o attention.o_proj",
                                    "up mlp.fc1",
                                    "down mlp.fc2"));

    private static final Map<String, String> BLOCK_PATHS =
            Map.of(
                    "bert", "encoder.layer.",
                    "roberta", "encoder.layer.",
                    "distilbert", "transformer.layer.",
                    "gpt2", "h.",
                    "llama", "layers.",
                    "vit", "layers.");

    private static final List<String> HIDDEN =
            List.of(
                    "attention_norm",
                    "attention_output",
                    "attention_sum",
                    "ffn_norm",
                    "ffn_output",
                    "ffn_sum");

    private static List<String> bert() {
        return List.of(
                "q attention.self.query",
                "k attention.self.key",
                "v attention.self.value",
                "o attention.output.dense",
                "up intermediate.dense",
                "down output.dense");
    }

    /** The sizes of {@code make_exports.py}: [in, out] by role. */
    private static long[] size(String family, String role) {
        long keys = family.equals("llama") ? 16 : 32;
        return switch (role) {
            case "qkv" -> new long[] {32, 96};
            case "k", "v" -> new long[] {32, keys};
            case "up", "gate" -> new long[] {32, 64};
            case "down" -> new long[] {64, 32};
            default -> new long[] {32, 32};
        };
    }

    static Stream<String> exports() throws IOException {
        try (Stream<Path> files = Files.list(EXPORTS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".onnx"))
                    .filter(name -> !name.contains("optimised") && !name.contains("external"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private record Export(
            String family, String prefix, Shapes shapes, Anatomy anatomy, Outputs outputs) {
        static Export read(String file) {
            Graph graph = OnnxReader.read(EXPORTS.resolve(file));
            Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
            Anatomy anatomy = Anatomist.study(graph, shapes);
            String family = file.substring(0, file.indexOf('-'));
            return new Export(
                    family,
                    prefix(family, file),
                    shapes,
                    anatomy,
                    HeadFinder.find(graph, shapes, anatomy));
        }

        /** Of models with a head, what the base model is called in them. */
        private static String prefix(String family, String file) {
            if (file.contains("seqcls")) {
                return "bert.";
            }
            if (!file.contains("sdpa")) {
                return "";
            }
            return switch (family) {
                case "gpt2" -> "transformer.";
                case "llama" -> "model.";
                case "vit" -> "vit.";
                default -> "";
            };
        }

        Backbone backbone() {
            return anatomy.backbone();
        }

        List<Site> linears(int block) {
            return backbone().sites(SiteKind.LINEAR).stream()
                    .filter(site -> site.block() == block)
                    .toList();
        }
    }

    @Test
    void coversAllFamilies() throws IOException {
        assertThat(exports()).hasSize(27);
    }

    @ParameterizedTest
    @MethodSource("exports")
    void linearSitesHaveTheRolesAndNamesOfTheArchitecture(String file) {
        Export export = Export.read(file);
        for (int block = 0; block < BLOCKS; block++) {
            String path = export.prefix() + BLOCK_PATHS.get(export.family()) + block + ".";
            List<String> expected = new ArrayList<>();
            for (String layer : LAYERS.get(export.family())) {
                expected.add(layer.replace(" ", " " + path));
            }
            assertThat(export.linears(block))
                    .extracting(site -> site.role() + " " + site.name())
                    .containsExactlyInAnyOrderElementsOf(expected);
            for (Site site : export.linears(block)) {
                assertThat(new long[] {site.inputs(), site.outputs()})
                        .as(site.name())
                        .isEqualTo(size(export.family(), site.role()));
                assertThat(site.name()).startsWith(site.modulePath());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void layersBesideTheBlocksStayOther(String file) {
        Export export = Export.read(file);
        List<String> expected = new ArrayList<>();
        if (file.startsWith("bert")) {
            expected.add(export.prefix() + "pooler.dense");
        }
        if (file.contains("seqcls") || file.startsWith("vit") && file.contains("sdpa")) {
            expected.add("classifier");
        }
        if ((file.startsWith("gpt2") || file.startsWith("llama")) && file.contains("sdpa")) {
            expected.add("lm_head");
        }
        assertThat(export.linears(-1)).extracting(Site::name).containsExactlyElementsOf(expected);
        assertThat(export.linears(-1)).extracting(Site::role).allMatch("other"::equals);
    }

    @ParameterizedTest
    @MethodSource("exports")
    void weightsAndColumnsAreThoseOfTheSite(String file) {
        Export export = Export.read(file);
        for (Anatomy.Linear linear : export.anatomy().linears()) {
            long[] weight = export.shapes().dimensions(linear.weight());
            long in = weight[linear.transposed() ? 1 : 0];
            assertThat(in).isEqualTo(linear.site().inputs());
            assertThat(last(export, linear.input())).isEqualTo(in);
            assertThat(last(export, linear.output()))
                    .isEqualTo(weight[linear.transposed() ? 0 : 1]);
            boolean biased =
                    !export.family().equals("llama") && !linear.site().name().equals("lm_head");
            assertThat(!linear.bias().isEmpty()).isEqualTo(biased);
            int part = List.of("q", "k", "v").indexOf(linear.site().role());
            long from = export.family().equals("gpt2") ? Math.max(0, part) * 32L : 0;
            assertThat(linear.from()).isEqualTo(from);
            assertThat(linear.to() - linear.from()).isEqualTo(linear.site().outputs());
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void hiddenSitesAreSixABlock(String file) {
        Export export = Export.read(file);
        Map<String, String> values = new HashMap<>();
        for (Anatomy.Hidden hidden : export.anatomy().hiddens()) {
            values.put(hidden.site().name(), hidden.value());
            long[] shape = export.shapes().dimensions(hidden.value());
            assertThat(shape).as(hidden.site().name()).hasSize(3).endsWith(32);
            assertThat(hidden.site().modulePath()).isNotEmpty();
        }
        List<String> expected = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            for (String role : HIDDEN) {
                expected.add("layers." + block + "." + role);
            }
        }
        assertThat(values).containsOnlyKeys(expected);
        assertThat(values.values()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("exports")
    void normsStandBeforeOrAfterTheirSublayer(String file) {
        Export export = Export.read(file);
        List<String> order =
                export.backbone().sites(SiteKind.HIDDEN).stream()
                        .filter(site -> site.block() == 0)
                        .map(Site::role)
                        .toList();
        boolean postNorm = file.contains("bert");
        assertThat(order.indexOf("attention_norm") > order.indexOf("attention_sum"))
                .isEqualTo(postNorm);
        assertThat(order.indexOf("ffn_norm") > order.indexOf("ffn_sum")).isEqualTo(postNorm);
    }

    @ParameterizedTest
    @MethodSource("exports")
    void attentionsHaveTheHeadsAndTheScale(String file) {
        Export export = Export.read(file);
        assertThat(export.anatomy().attentions()).hasSize(BLOCKS);
        for (Anatomy.Attention attention : export.anatomy().attentions()) {
            assertThat(attention.heads()).isEqualTo(4);
            assertThat(attention.keyValueHeads()).isEqualTo(file.startsWith("llama") ? 2 : 4);
            // sdpa multiplies both queries and keys by the root of the scale.
            double scale = 1 / Math.sqrt(8);
            boolean prescaled = file.contains("sdpa") || file.contains("seqcls");
            assertThat(attention.scale())
                    .isCloseTo(prescaled ? Math.sqrt(scale) : scale, within(1e-6));
            assertThat(export.shapes().rank(attention.scores())).isEqualTo(4);
            assertThat(last(export, attention.context())).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void wordEmbeddingsAreOneSite(String file) {
        Export export = Export.read(file);
        if (file.startsWith("vit")) {
            assertThat(export.anatomy().embeddings()).isEmpty();
            return;
        }
        assertThat(export.anatomy().embeddings()).hasSize(1);
        Anatomy.Embedding embedding = export.anatomy().embeddings().get(0);
        assertThat(embedding.ids()).isEqualTo("input_ids");
        assertThat(embedding.site().inputs()).isEqualTo(96);
        assertThat(embedding.site().name())
                .isIn(
                        export.prefix() + "embeddings.word_embeddings",
                        export.prefix() + "wte",
                        export.prefix() + "embed_tokens");
        assertThat(export.shapes().dimensions(embedding.value())).hasSize(3).endsWith(32);
    }

    @ParameterizedTest
    @MethodSource("exports")
    void outputsAreWhatTheModelReturns(String file) {
        Export export = Export.read(file);
        Outputs outputs = export.outputs();
        assertThat(export.shapes().dimensions(outputs.hidden())).hasSize(3).endsWith(32);
        boolean words =
                (file.startsWith("gpt2") || file.startsWith("llama")) && file.contains("sdpa");
        boolean classes =
                file.contains("seqcls") || file.startsWith("vit") && file.contains("sdpa");
        assertThat(outputs.logits()).isEqualTo(words || classes ? "logits" : "");
        assertThat(outputs.tokenLogits()).isEqualTo(words);
        assertThat(outputs.classLogits()).isEqualTo(classes);
        assertThat(outputs.head()).hasSize(words ? 1 : classes ? 2 : 0);
        if (!words && !classes) {
            assertThat(outputs.hidden()).isEqualTo("last_hidden_state");
        }
        boolean pooled = file.startsWith("bert") && !classes;
        assertThat(outputs.pooled()).isEqualTo(pooled ? "pooler_output" : "");
    }

    @ParameterizedTest
    @MethodSource("exports")
    void everyWeightHasItsRole(String file) {
        Export export = Export.read(file);
        Map<String, Long> counts = new HashMap<>();
        for (WeightInfo weight : export.backbone().weights()) {
            counts.merge(weight.role(), 1L, Long::sum);
        }
        long parts = file.startsWith("gpt2") ? 3L * BLOCKS : 0;
        long layers = export.backbone().sites(SiteKind.LINEAR).size() - parts;
        // GPT-2's head is its word embeddings, folded to their transpose.
        boolean tied = file.startsWith("gpt2") && file.contains("sdpa");
        assertThat(counts.get("weight")).isEqualTo(layers - (tied ? 1 : 0));
        assertThat(counts.get("norm_weight")).isEqualTo(5);
        assertThat(counts.getOrDefault("norm_bias", 0L))
                .isEqualTo(file.startsWith("llama") ? 0 : 5);
        long embeddings =
                switch (export.family()) {
                    case "bert", "roberta" -> 3;
                    case "distilbert", "gpt2" -> 2;
                    case "llama" -> 1;
                    default -> 0;
                };
        assertThat(counts.getOrDefault("embedding", 0L)).isEqualTo(embeddings);
        // The patch convolution, its bias, the class token and the positions.
        assertThat(counts.getOrDefault("other", 0L)).isEqualTo(file.startsWith("vit") ? 4 : 0);
    }

    @ParameterizedTest
    @MethodSource("exports")
    void everyWeightHasItsNameInPyTorch(String file) {
        Export export = Export.read(file);
        for (WeightInfo weight : export.backbone().weights()) {
            boolean ofLinear = weight.role().equals("weight");
            assertThat(weight.path())
                    .as(weight.name())
                    .endsWith(
                            weight.role().equals("other")
                                    ? ""
                                    : weight.role().endsWith("bias") ? ".bias" : ".weight");
            // Exporters fold the transpose of nn.Linear where it is no Gemm; Conv1D has none.
            assertThat(weight.transposed())
                    .as(weight.name())
                    .isEqualTo(ofLinear && !weight.name().equals(weight.path()));
        }
        assertThat(export.backbone().weights())
                .extracting(WeightInfo::path)
                .doesNotContain("")
                .doesNotHaveDuplicates();
        assertThat(export.backbone().weights())
                .extracting(WeightInfo::path)
                .containsAll(
                        export.backbone().sites(SiteKind.LINEAR).stream()
                                .map(site -> site.modulePath() + ".weight")
                                .filter(path -> !path.equals("lm_head.weight"))
                                .toList());
    }

    private static long last(Export export, String value) {
        long[] shape = export.shapes().dimensions(value);
        return shape[shape.length - 1];
    }
}
