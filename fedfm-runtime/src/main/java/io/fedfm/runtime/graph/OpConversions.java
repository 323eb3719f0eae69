package io.fedfm.runtime.graph;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.OpsetUpgrade.Conversion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/** The conversions of operators whose definition changed, by operator. */
final class OpConversions {
    private static final String[] REDUCTIONS = {
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSum",
        "ReduceSumSquare"
    };

    private OpConversions() {}

    static Map<String, Conversion> all(Function<String, OptionalInt> rank) {
        Map<String, Conversion> all = new HashMap<>();
        Conversion axes = (node, target) -> attributeToInput(node, "axes", target);
        for (String reduction : REDUCTIONS) {
            all.put(reduction, axes);
        }
        all.put("Squeeze", axes);
        all.put("Unsqueeze", axes);
        all.put("Softmax", new FlatSoftmax(rank));
        all.put("LogSoftmax", new FlatSoftmax(rank));
        all.put("Slice", OpConversions::slice);
        all.put("Split", OpConversions::split);
        all.put("Clip", OpConversions::clip);
        all.put("Pad", OpConversions::pad);
        all.put("TopK", OpConversions::topK);
        all.put("BatchNormalization", OpConversions::batchNormalization);
        all.put(
                "Scatter",
                (node, t) ->
                        t.graph()
                                .addNode(
                                        node.replacedBy(
                                                "ScatterElements",
                                                node.inputs(),
                                                node.attributes())));
        all.put("Upsample", OpConversions::resize);
        all.put("Resize", OpConversions::resize);
        return all;
    }

    private static void attributeToInput(Node node, String name, GraphBuilder target) {
        if (!node.attributes().has(name)) {
            target.graph().addNode(node);
            return;
        }
        List<String> inputs = List.of(node.input(0), vector(node, name, target));
        target.graph().addNode(node.replacedBy(node.op(), inputs, node.attributes().without(name)));
    }

    private static void slice(Node node, GraphBuilder target) {
        Attributes attributes = node.attributes();
        List<String> inputs = new ArrayList<>();
        inputs.add(node.input(0));
        inputs.add(vector(node, "starts", target));
        inputs.add(vector(node, "ends", target));
        if (attributes.has("axes")) {
            inputs.add(vector(node, "axes", target));
        }
        target.graph().addNode(node.replacedBy("Slice", inputs, Attributes.none()));
    }

    private static void split(Node node, GraphBuilder target) {
        if (node.attributes().has("split")) {
            attributeToInput(node, "split", target);
        } else if (node.input(1).isEmpty()) {
            Attributes attributes = node.attributes().with("num_outputs", node.outputs().size());
            target.graph().addNode(node.replacedBy("Split", List.of(node.input(0)), attributes));
        } else {
            target.graph().addNode(node);
        }
    }

    private static void clip(Node node, GraphBuilder target) {
        Attributes attributes = node.attributes();
        String min = attributes.has("min") ? target.scalar(attributes.number("min", 0)) : "";
        String max = attributes.has("max") ? target.scalar(attributes.number("max", 0)) : "";
        target.graph()
                .addNode(
                        node.replacedBy(
                                "Clip", List.of(node.input(0), min, max), Attributes.none()));
    }

    private static void pad(Node node, GraphBuilder target) {
        Attributes attributes = node.attributes();
        List<String> inputs =
                List.of(
                        node.input(0),
                        vector(node, "pads", target),
                        target.scalar(attributes.number("value", 0)));
        target.graph()
                .addNode(
                        node.replacedBy(
                                "Pad", inputs, attributes.without("pads").without("value")));
    }

    private static void topK(Node node, GraphBuilder target) {
        Attributes attributes = node.attributes();
        List<String> inputs = List.of(node.input(0), target.integers(attributes.integer("k", 1)));
        target.graph().addNode(node.replacedBy("TopK", inputs, attributes.without("k")));
    }

    /** More than one output asks for training mode in the old definition. */
    private static void batchNormalization(Node node, GraphBuilder target) {
        if (node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
            throw TrainingMode.error(node);
        }
        target.graph()
                .addNode(
                        new Node(
                                "",
                                "BatchNormalization",
                                node.name(),
                                node.inputs(),
                                List.of(node.output()),
                                node.attributes(),
                                node.modulePath()));
    }

    /** Resize without a rounding mode: the old one equals "floor" when nothing shrinks. */
    private static void resize(Node node, GraphBuilder target) {
        Tensor scales = target.graph().initializers().get(node.input(1));
        if (scales == null || scales.type() != ElementType.FLOAT || !allAtLeastOne(scales)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    NodeReader.describe(node)
                            + " has scales that are below 1 or not constant; export at opset 11 or"
                            + " above");
        }
        Attributes attributes =
                node.attributes()
                        .with("coordinate_transformation_mode", "asymmetric")
                        .with("nearest_mode", "floor");
        target.graph()
                .addNode(
                        node.replacedBy(
                                "Resize", List.of(node.input(0), "", node.input(1)), attributes));
    }

    private static String vector(Node node, String attribute, GraphBuilder target) {
        long[] values = node.attributes().integers(attribute);
        if (values == null) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    NodeReader.describe(node)
                            + " lacks the attribute '"
                            + attribute
                            + "'; export the model again");
        }
        return target.integers(values);
    }

    private static boolean allAtLeastOne(Tensor scales) {
        for (float scale : scales.toFloats()) {
            if (!(scale >= 1)) {
                return false;
            }
        }
        return true;
    }
}
