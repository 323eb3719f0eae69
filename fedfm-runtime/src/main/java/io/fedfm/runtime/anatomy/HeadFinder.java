package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Shapes;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what the outputs of a graph are, by their shapes and by the linear layer behind them.
 *
 * <p>An output behind a single linear layer that leads away from the hidden width, or to the
 * vocabulary, holds logits. Other outputs of three axes are hidden states, and of two are pooled.
 */
public final class HeadFinder {
    private final Walk walk;
    private final Anatomy anatomy;
    private final Reach reach;
    private final String lastSum;

    private HeadFinder(Graph graph, Shapes shapes, Anatomy anatomy) {
        this.walk = new Walk(graph, shapes);
        this.anatomy = anatomy;
        this.reach = new Reach(walk, new LinearFinder(walk).find());
        this.lastSum = lastSum();
    }

    /** What the outputs of a graph are. */
    public static Outputs find(Graph graph, Shapes shapes, Anatomy anatomy) {
        return new HeadFinder(graph, shapes, anatomy).find();
    }

    private Outputs find() {
        String hidden = "";
        String pooled = "";
        String logits = "";
        for (String output : walk.graph().outputs()) {
            if (!walk.isStream(output)) {
                continue;
            }
            long[] dimensions = walk.dimensions(output);
            boolean fixed = walk.width(output) != Shapes.VARIES;
            if (dimensions.length < 2 || dimensions.length > 3 || !fixed) {
                continue;
            }
            if (isLogits(output)) {
                logits = logits.isEmpty() ? output : logits;
            } else if (dimensions.length == 2) {
                pooled = pooled.isEmpty() ? output : pooled;
            } else if (walk.position(output) > walk.position(hidden)) {
                hidden = output;
            }
        }
        LinearLayer head = logits.isEmpty() ? null : reach.back(logits).only();
        boolean token = head != null && walk.rank(logits) == 3;
        if (hidden.isEmpty()) {
            hidden = token ? beforeHead(head) : normed(lastSum);
        }
        return new Outputs(hidden, pooled, logits, token, initializers(head));
    }

    private boolean isLogits(String output) {
        LinearLayer layer = reach.back(output).only();
        if (layer == null || isInBlock(layer)) {
            return false;
        }
        boolean vocabulary =
                anatomy.embeddings().stream().anyMatch(e -> e.site().inputs() == layer.outputs());
        long width = lastSum.isEmpty() ? layer.inputs() : walk.width(lastSum);
        return layer.outputs() != width || (vocabulary && walk.rank(output) == 3);
    }

    private boolean isInBlock(LinearLayer layer) {
        return anatomy.linears().stream()
                .filter(linear -> linear.product().equals(layer.product().name()))
                .anyMatch(linear -> linear.site().block() >= 0);
    }

    /** The value [batch, length, hidden] that enters the head, before rows are flattened. */
    private String beforeHead(LinearLayer head) {
        return walk.rank(head.input()) == 3 ? head.input() : walk.beforeShapes(head.input());
    }

    private String lastSum() {
        String last = "";
        for (Anatomy.Hidden hidden : anatomy.hiddens()) {
            Site site = hidden.site();
            if (site.role().endsWith("_sum")
                    && walk.position(hidden.value()) > walk.position(last)) {
                last = hidden.value();
            }
        }
        return last;
    }

    /** The value, or its norm of the same rank. */
    private String normed(String value) {
        Norm norm = new HiddenFinder(walk, new NormFinder(walk).find()).normOf(value);
        return norm == null ? value : norm.output();
    }

    private List<String> initializers(LinearLayer head) {
        List<String> names = new ArrayList<>();
        if (head != null) {
            for (String name : List.of(head.weight(), head.bias())) {
                if (walk.graph().initializers().containsKey(name) || walk.isQuantised(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
