package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Folded;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.TensorOps;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds the modules of a plan into the linear layers they are attached to.
 *
 * <p>Modules that change what enters a layer are folded last: the others see the input as these
 * have left it, so that {@code y = f(l x)} where {@code f} is the layer with all the others.
 */
public final class Folding {
    private final Graph constants;
    private final Anatomy anatomy;
    private final PeftPlan plan;

    /**
     * Folds trained modules.
     *
     * @param backbone the frozen graph
     * @param anatomy its sites
     * @param plan what was trained
     * @param parameters the trained values, by name; promoted weights among them
     */
    public Folding(Graph backbone, Anatomy anatomy, PeftPlan plan, Map<String, Tensor> parameters) {
        this.constants = new Graph(backbone.opset());
        this.anatomy = anatomy;
        this.plan = plan;
        backbone.initializers().forEach(constants::addInitializer);
        TrainableInputs.addFrozen(plan, constants);
        parameters.forEach(constants::addInitializer);
        constants.setNodes(backbone.nodes());
    }

    /**
     * A graph for each layer that has modules.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if a module cannot be folded
     */
    public List<FoldedLayer> layers() {
        if (plan.virtualTokens().count() > 0 || !plan.tasks().isEmpty()) {
            throw unfoldable("virtual tokens and tasks are");
        }
        Map<String, List<Place>> byProduct = new LinkedHashMap<>();
        for (Place place : new Places(anatomy, plan).all()) {
            if (place.linear() == null) {
                throw unfoldable("the module at '" + place.site().name() + "' is");
            }
            byProduct.computeIfAbsent(place.linear().product(), k -> new ArrayList<>()).add(place);
        }
        return byProduct.values().stream().map(this::fold).toList();
    }

    private FoldedLayer fold(List<Place> places) {
        Anatomy.Linear linear = places.get(0).linear();
        Graph graph = constants.copy();
        GraphBuilder b = new GraphBuilder(graph, "fold");
        String weight = linear.transposed() ? b.transpose(linear.weight(), 1, 0) : linear.weight();
        Folded<String> layer = new Folded<>(weight, linear.bias().isEmpty() ? null : linear.bias());
        List<Place> order = new ArrayList<>(places);
        order.sort(Comparator.comparing(place -> place.module().changesInput()));
        for (Place place : order) {
            layer = fold(b, place, layer);
        }
        String result = b.op("Identity", layer.weight());
        if (linear.transposed()) {
            result = b.transpose(layer.weight(), 1, 0);
        }
        String bias = layer.bias() == null ? "" : b.op("Identity", layer.bias());
        StopGradients.lower(graph);
        graph.addOutput(result);
        if (!bias.isEmpty()) {
            graph.addOutput(bias);
        }
        graph.prune();
        return new FoldedLayer(linear, graph, result, bias);
    }

    private Folded<String> fold(GraphBuilder b, Place place, Folded<String> whole) {
        long columns = Columns.of(b.graph(), place.linear());
        boolean part = place.isPart(columns);
        long from = place.linear().from();
        long to = place.linear().to();
        String weight = part ? b.slice(whole.weight(), -1, from, to) : whole.weight();
        String bias =
                part && whole.bias() != null ? b.slice(whole.bias(), -1, from, to) : whole.bias();
        SiteValues<String> site =
                new SiteValues<>(
                        name ->
                                switch (name) {
                                    case SiteValues.WEIGHT -> weight;
                                    case SiteValues.BIAS -> bias;
                                    default -> null;
                                });
        TensorOps<String> ops = new GraphOps(b, null);
        Optional<Folded<String>> folded = place.module().fold(ops, site, place::parameter);
        if (folded.isEmpty()) {
            throw unfoldable("the module at '" + place.site().name() + "' is");
        }
        if (!part) {
            return folded.get();
        }
        String newBias = folded.get().bias();
        boolean noBias = newBias == null && whole.bias() == null;
        return new Folded<>(
                join(b, whole.weight(), folded.get().weight(), from, to, columns),
                noBias
                        ? null
                        : join(b, orZeros(b, whole.bias(), columns), newBias, from, to, columns));
    }

    private static String orZeros(GraphBuilder b, String bias, long columns) {
        return bias != null
                ? bias
                : b.initializer("zeros", Tensor.floats(new float[(int) columns], columns));
    }

    private static String join(
            GraphBuilder b, String whole, String part, long from, long to, long columns) {
        List<String> parts = new ArrayList<>();
        if (from > 0) {
            parts.add(b.slice(whole, -1, 0, from));
        }
        parts.add(part);
        if (to < columns) {
            parts.add(b.slice(whole, -1, to, columns));
        }
        return b.op("Concat", Attributes.of("axis", -1), parts.toArray(String[]::new));
    }

    private static FedFmException unfoldable(String what) {
        return new FedFmException(
                ErrorCode.EXPORT_UNSUPPORTED,
                "merged-onnx: "
                        + what
                        + " no part of the frozen weights that could be folded into them; export with --to onnx, which keeps modules as nodes");
    }
}
