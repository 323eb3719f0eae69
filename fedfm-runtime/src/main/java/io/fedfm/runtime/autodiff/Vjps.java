package io.fedfm.runtime.autodiff;

import io.fedfm.runtime.graph.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The vector-Jacobian products by operator: "MatMul", or "domain:Op" outside the standard ones. */
public final class Vjps {
    /** Operators with float results through which no gradient flows, whatever their inputs. */
    private static final Set<String> CONSTANT =
            Set.of(
                    "Floor",
                    "Ceil",
                    "Round",
                    "Sign",
                    "Shape",
                    "Size",
                    "ConstantOfShape",
                    "Range",
                    "OneHot",
                    "EyeLike",
                    "RandomUniformLike",
                    "RandomNormalLike",
                    "Bernoulli",
                    StopGradients.KEY);

    private static final Vjps STANDARD = new Vjps(collect());

    private final Map<String, Vjp> byOperator;

    private Vjps(Map<String, Vjp> byOperator) {
        this.byOperator = Map.copyOf(byOperator);
    }

    /** Those of the standard operators. */
    public static Vjps standard() {
        return STANDARD;
    }

    /** These and one more, or another one for the operator. */
    public Vjps with(String operator, Vjp vjp) {
        Map<String, Vjp> copy = new HashMap<>(byOperator);
        copy.put(operator, vjp);
        return new Vjps(copy);
    }

    /** The one of this node's operator. */
    public Optional<Vjp> find(Node node) {
        return Optional.ofNullable(byOperator.get(key(node)));
    }

    /** Whether the operator's results do not change with small changes of its inputs. */
    public boolean isConstant(Node node) {
        return CONSTANT.contains(key(node));
    }

    private static String key(Node node) {
        return node.domain().isEmpty() ? node.op() : node.domain() + ":" + node.op();
    }

    private static Map<String, Vjp> collect() {
        Map<String, Vjp> all = new HashMap<>();
        List.of(
                        ArithmeticVjps.all(),
                        UnaryVjps.all(),
                        ActivationVjps.all(),
                        MatMulVjps.all(),
                        ReductionVjps.all(),
                        SoftmaxVjps.all(),
                        NormVjps.all(),
                        ShapeVjps.all(),
                        JoinVjps.all(),
                        SliceVjps.all(),
                        GatherVjps.all(),
                        ScatterVjps.all(),
                        SelectionVjps.all(),
                        ScanVjps.all(),
                        RotaryVjps.all(),
                        ImageVjps.all(),
                        RoundingVjps.all())
                .forEach(all::putAll);
        return all;
    }
}
