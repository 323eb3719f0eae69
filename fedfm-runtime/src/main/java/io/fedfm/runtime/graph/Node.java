package io.fedfm.runtime.graph;

import java.util.List;

/**
 * One operation of a graph.
 *
 * @param domain "" for the standard operators
 * @param op the operator, "MatMul"
 * @param name of the node; unique after reading
 * @param inputs names of values; "" where an optional input is left out
 * @param outputs names of values; "" where an optional output is not wanted
 * @param attributes of the operator
 * @param modulePath dotted path of the module the exporter made it from, or ""
 */
public record Node(
        String domain,
        String op,
        String name,
        List<String> inputs,
        List<String> outputs,
        Attributes attributes,
        String modulePath) {
    /** Copies the lists. */
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A standard operator without a module path. */
    public static Node of(
            String op,
            String name,
            List<String> inputs,
            List<String> outputs,
            Attributes attributes) {
        return new Node("", op, name, inputs, outputs, attributes, "");
    }

    /** The first output. */
    public String output() {
        return outputs.get(0);
    }

    /** The input at this place, or "" if it is left out. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** The same with other inputs. */
    public Node withInputs(List<String> changed) {
        return new Node(domain, op, name, changed, outputs, attributes, modulePath);
    }

    /** What replaces this node in a standard operator: its name, outputs and module path stay. */
    public Node replacedBy(String standardOp, List<String> changed, Attributes others) {
        return new Node("", standardOp, name, changed, outputs, others, modulePath);
    }

    /** Whether this is the standard operator of this name. */
    public boolean is(String standardOp) {
        return domain.isEmpty() && op.equals(standardOp);
    }
}
