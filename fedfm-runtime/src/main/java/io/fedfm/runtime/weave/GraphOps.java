package io.fedfm.runtime.weave;

import io.fedfm.api.tensor.TensorOps;
import io.fedfm.runtime.autodiff.StopGradients;
import io.fedfm.runtime.graph.Attributes;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Writes a module as ONNX nodes; a tensor is the name of a value. */
final class GraphOps implements TensorOps<String> {
    private final GraphBuilder builder;
    private final DropoutNodes dropout;

    /** Writes through {@code builder}; without {@code dropout} (null) nothing is dropped. */
    GraphOps(GraphBuilder builder, DropoutNodes dropout) {
        this.builder = builder;
        this.dropout = dropout;
    }

    @Override
    public String constant(double value) {
        return builder.scalar(value);
    }

    @Override
    public String add(String a, String b) {
        return builder.op("Add", a, b);
    }

    @Override
    public String subtract(String a, String b) {
        return builder.op("Sub", a, b);
    }

    @Override
    public String multiply(String a, String b) {
        return builder.op("Mul", a, b);
    }

    @Override
    public String divide(String a, String b) {
        return builder.op("Div", a, b);
    }

    @Override
    public String scale(String a, double factor) {
        return factor == 1 ? a : builder.op("Mul", a, builder.scalar(factor));
    }

    @Override
    public String matMul(String a, String b) {
        return builder.op("MatMul", a, b);
    }

    @Override
    public String transpose(String a) {
        return builder.transpose(a, 1, 0);
    }

    @Override
    public String permute(String a, int... axes) {
        return builder.transpose(a, IntStream.of(axes).asLongStream().toArray());
    }

    @Override
    public String reshape(String a, long... shape) {
        return builder.reshape(a, shape);
    }

    @Override
    public String concat(int axis, List<String> parts) {
        return builder.op("Concat", Attributes.of("axis", axis), parts.toArray(String[]::new));
    }

    @Override
    public String slice(String a, int axis, long from, long to) {
        return builder.slice(a, axis, from, to);
    }

    @Override
    public String sum(String a, int axis, boolean keepAxis) {
        return builder.reduceSum(a, keepAxis, axis);
    }

    @Override
    public String mean(String a, int axis, boolean keepAxis) {
        return builder.reduceMean(a, keepAxis, axis);
    }

    @Override
    public String exp(String a) {
        return builder.op("Exp", a);
    }

    @Override
    public String log(String a) {
        return builder.op("Log", a);
    }

    @Override
    public String sqrt(String a) {
        return builder.op("Sqrt", a);
    }

    @Override
    public String tanh(String a) {
        return builder.op("Tanh", a);
    }

    @Override
    public String sigmoid(String a) {
        return builder.op("Sigmoid", a);
    }

    @Override
    public String relu(String a) {
        return builder.op("Relu", a);
    }

    @Override
    public String gelu(String a) {
        return builder.op("Gelu", a);
    }

    @Override
    public String softmax(String a, int axis) {
        return builder.op("Softmax", Attributes.of("axis", axis), a);
    }

    @Override
    public String logSumExp(String a, int axis, boolean keepAxis) {
        return builder.op(
                "ReduceLogSumExp",
                Attributes.of("keepdims", keepAxis ? 1 : 0),
                a,
                builder.integers(LongStream.of(axis).toArray()));
    }

    @Override
    public String dropout(String a, double probability) {
        return dropout == null || probability == 0 ? a : dropout.apply(builder, a, probability);
    }

    @Override
    public String stopGradient(String a) {
        return StopGradients.append(builder, a);
    }
}
