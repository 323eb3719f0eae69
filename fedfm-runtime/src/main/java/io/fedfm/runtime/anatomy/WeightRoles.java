package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TiedWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists the frozen weights that the stream meets, with what each is for.
 *
 * <p>Constants of one element (epsilons, scales) are no weights, and neither are the running
 * statistics of a batch normalisation. A head that is tied to the word embeddings is one with them.
 */
final class WeightRoles {
    /** What may stand between a weight and the stream: a class token is broadcast, then joined. */
    private static final Set<String> BROADCASTS =
            Set.of("Expand", "Tile", "Add", "Reshape", "Unsqueeze", "Squeeze", "Cast", "Transpose");

    private final Walk walk;
    private final Map<String, String> roles = new HashMap<>();
    private final WeightPaths paths;

    WeightRoles(Walk walk, List<LinearLayer> layers, List<Norm> norms) {
        this.walk = walk;
        this.paths = new WeightPaths(walk.graph(), layers);
        layers.forEach(layer -> roles.put(layer.weight(), "weight"));
        layers.forEach(layer -> roles.put(layer.bias(), "bias"));
        norms.forEach(norm -> roles.put(norm.weight(), "norm_weight"));
        norms.forEach(norm -> roles.put(norm.bias(), "norm_bias"));
    }

    /**
     * The weights, in the order in which the stream meets them.
     *
     * @param hidden the width of the word embeddings; tables of another width are no embeddings. 0
     *     if there are none
     * @param aside weights that meet the stream through computations of their own
     */
    List<WeightInfo> find(long hidden, SideWeights aside) {
        Set<String> names = new LinkedHashSet<>();
        for (Node node : walk.graph().nodes()) {
            if (node.outputs().stream().noneMatch(walk::isStream)) {
                continue;
            }
            if (walk.looksUp(node) && walk.width(node.input(0)) == hidden) {
                roles.put(node.input(0), "embedding");
            }
            for (int i = 0; i < node.inputs().size(); i++) {
                if (!(node.is("BatchNormalization") && i > 2)) {
                    collect(node.input(i), names);
                }
            }
        }
        names.addAll(aside.find(names));
        names.removeAll(TiedWeights.of(walk.graph()).keySet());
        List<WeightInfo> weights = new ArrayList<>();
        for (String name : names) {
            List<Long> shape = Arrays.stream(walk.dimensions(name)).boxed().toList();
            String role = roles.getOrDefault(name, "other");
            weights.add(
                    new WeightInfo(name, shape, role, paths.of(name), paths.isTransposed(name)));
        }
        weights.addAll(quantized());
        return weights;
    }

    /** Matrices of 8-bit integers; what a method that wants all weights cannot have. */
    private List<WeightInfo> quantized() {
        List<WeightInfo> weights = new ArrayList<>();
        walk.graph()
                .initializers()
                .forEach(
                        (name, tensor) -> {
                            boolean bytes =
                                    tensor.type() == ElementType.INT8
                                            || tensor.type() == ElementType.UINT8;
                            if (bytes && tensor.shape().length > 1) {
                                List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
                                weights.add(
                                        new WeightInfo(
                                                name, shape, "quantized", paths.of(name), false));
                            }
                        });
        return weights;
    }

    private void collect(String value, Set<String> names) {
        Tensor tensor = walk.graph().initializers().get(value);
        Node node = walk.producer(value);
        if (walk.isQuantised(value)) {
            // Scales and zero points are vectors and scalars.
            if (walk.rank(value) > 1) {
                names.add(value);
            }
        } else if (tensor != null) {
            if (tensor.type() == ElementType.FLOAT
                    && (tensor.size() > 1 || roles.containsKey(value))) {
                names.add(value);
            }
        } else if (node != null
                && !walk.isStream(value)
                && node.domain().isEmpty()
                && BROADCASTS.contains(node.op())) {
            node.inputs().forEach(input -> collect(input, names));
        }
    }
}
