package io.fedfm.runtime.weave;

import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import java.util.List;
import java.util.stream.LongStream;

/** Which task each row is of: an input of the graph for modules that tell tasks apart. */
public final class TaskInput {
    /** The input's name: int64 [rows], indices of the plan's tasks. */
    public static final String NAME = "task";

    /** The value [rows, tasks], 1 for a row's task and 0 for all others. */
    static final String ONE_HOT = "task/one_hot";

    private TaskInput() {}

    /** Tokens [rows x length, width] as [rows, length, width], so that each row has its task. */
    static String apart(GraphBuilder b, String tokens, long width) {
        String shape =
                b.op(
                        "Concat",
                        Attributes.of("axis", 0),
                        b.op("Shape", NAME),
                        b.integers(-1, width));
        return b.op("Reshape", tokens, shape);
    }

    /** Adds the input, and what modules see of it, if there are tasks. */
    static void declare(Graph graph, int tasks) {
        if (tasks == 0) {
            return;
        }
        graph.addInput(ValueInfo.of(NAME, ElementType.INT64, "batch"));
        GraphBuilder b = new GraphBuilder(graph, NAME);
        String all =
                b.initializer("all", Tensor.longs(LongStream.range(0, tasks).toArray(), tasks));
        String same = b.op("Equal", b.op("Unsqueeze", NAME, b.integers(-1)), all);
        graph.addNode(
                Node.of(
                        "Cast",
                        ONE_HOT,
                        List.of(same),
                        List.of(ONE_HOT),
                        Attributes.of("to", ElementType.FLOAT.onnx())));
    }
}
