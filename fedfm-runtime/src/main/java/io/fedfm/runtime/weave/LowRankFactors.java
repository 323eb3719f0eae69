package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The factors of trained LoRA modules (Hu et al. 2021), so that each module adds {@code x A B} to
 * the output of its layer.
 *
 * @param graph without inputs; its outputs are the factors
 * @param pairs the factors of each module
 */
public record LowRankFactors(Graph graph, List<Pair> pairs) {
    private static final String A = "lora_A";
    private static final String B = "lora_B";

    /** Copies the list. */
    public LowRankFactors {
        pairs = List.copyOf(pairs);
    }

    /**
     * The factors of one module.
     *
     * @param linear the layer
     * @param rank r
     * @param columns the width of the layer's whole output
     * @param a the output that is A [in, r]
     * @param b the output that is B [r, out], the scaling in it
     */
    public record Pair(Anatomy.Linear linear, long rank, long columns, String a, String b) {}

    /**
     * The factors of all modules of a plan.
     *
     * @param backbone the frozen graph
     * @param anatomy its sites
     * @param plan what was trained
     * @param parameters the trained values, by name
     * @throws FedFmException EXPORT_UNSUPPORTED if a module is no plain LoRA, or there is none
     */
    public static LowRankFactors of(
            Graph backbone, Anatomy anatomy, PeftPlan plan, Map<String, Tensor> parameters) {
        Graph graph = new Graph(backbone.opset());
        backbone.initializers().forEach(graph::addInitializer);
        parameters.forEach(graph::addInitializer);
        List<Pair> pairs = new ArrayList<>();
        for (Place place : new Places(anatomy, plan).all()) {
            requireLora(place);
            pairs.add(pair(graph, place));
        }
        if (pairs.isEmpty() || plan.virtualTokens().count() > 0) {
            throw refused("the method has no LoRA modules");
        }
        StopGradients.lower(graph);
        pairs.forEach(pair -> List.of(pair.a(), pair.b()).forEach(graph::addOutput));
        graph.prune();
        return new LowRankFactors(graph, pairs);
    }

    /**
     * The module is {@code y + s (x A^T) B^T}; with unit matrices for x and A^T and no y, it gives
     * {@code s B^T}: the scaling is the module's own affair.
     */
    private static Pair pair(Graph graph, Place place) {
        GraphBuilder b = new GraphBuilder(graph, "factors/" + place.site().name());
        long rank = graph.initializers().get(place.parameter(A)).shape()[0];
        String unit = b.initializer("unit", unit((int) rank));
        String zero = b.scalar(0);
        SiteValues<String> site =
                SiteValues.of(Map.of(SiteValues.INPUT, unit, SiteValues.OUTPUT, zero));
        String scaled =
                place.module()
                        .apply(
                                new GraphOps(b, null),
                                site,
                                name -> name.equals(A) ? unit : place.parameter(name));
        String a = b.transpose(place.parameter(A), 1, 0);
        long columns = Columns.of(graph, place.linear());
        return new Pair(place.linear(), rank, columns, a, b.op("Identity", scaled));
    }

    private static Tensor unit(int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return Tensor.floats(values, size, size);
    }

    private static void requireLora(Place place) {
        Set<String> names =
                place.module().parameters().stream()
                        .map(ParameterSpec::name)
                        .collect(Collectors.toSet());
        if (place.linear() == null
                || place.module().changesInput()
                || !names.equals(Set.of(A, B))) {
            throw refused(
                    "the module at '"
                            + place.site().name()
                            + "' with the parameters "
                            + names.stream().sorted().toList()
                            + " is no plain LoRA");
        }
    }

    private static FedFmException refused(String why) {
        return new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "onnx-adapter: "
                        + why
                        + "; the format holds nothing else: export with --to merged-onnx or --to onnx");
    }
}
