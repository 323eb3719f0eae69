package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces each {@code If} that goes the same way for every input by the branch it takes.
 *
 * <p>Only conditions are decided that ask nothing but whether dimensions are equal (DeBERTa: as
 * many queries as keys?). Dimensions that agree at several batch sizes and lengths are one and the
 * same. A condition that compares a length with a number stays, and is refused with its node.
 */
final class DecidedBranches {
    private static final Set<String> ABOUT_EQUALITY =
            Set.of(
                    "And",
                    "Cast",
                    "Constant",
                    "Equal",
                    "Gather",
                    "Identity",
                    "Not",
                    "Or",
                    "Slice",
                    "Squeeze",
                    "Unsqueeze");

    private final ModelProto model;
    private final Path folder;
    private final Graph known;
    private final NodeReader reader;

    /**
     * For a model.
     *
     * @param model as it was parsed
     * @param folder of its external data
     * @param known its inputs and initializers; branches bring their own initializers
     * @param reader of its nodes
     */
    DecidedBranches(ModelProto model, Path folder, Graph known, NodeReader reader) {
        this.model = model;
        this.folder = folder;
        this.known = known;
        this.reader = reader;
    }

    /** The nodes, with decided branches in place of the {@code If} that led to them. */
    List<NodeProto> take(List<NodeProto> nodes) {
        List<NodeProto> taken = nodes;
        while (true) {
            Map<String, NodeProto> producers = new HashMap<>();
            taken.forEach(node -> node.getOutputList().forEach(o -> producers.put(o, node)));
            List<String> conditions =
                    taken.stream()
                            .filter(DecidedBranches::isIf)
                            .map(node -> node.getInput(0))
                            .filter(condition -> isAboutEquality(condition, producers))
                            .distinct()
                            .toList();
            Map<String, Boolean> decided =
                    conditions.isEmpty() ? Map.of() : probe(taken, conditions);
            if (decided.isEmpty()) {
                return taken;
            }
            List<NodeProto> next = new ArrayList<>();
            for (NodeProto node : taken) {
                Boolean way = isIf(node) ? decided.get(node.getInput(0)) : null;
                if (way == null) {
                    next.add(node);
                } else {
                    branch(node, way, next);
                }
            }
            taken = next;
        }
    }

    private static boolean isIf(NodeProto node) {
        return node.getOpType().equals("If")
                && NodeReader.domain(node.getDomain()).isEmpty()
                && node.getInputCount() == 1
                && node.getAttributeList().stream()
                        .allMatch(a -> a.getG().getOutputCount() == node.getOutputCount());
    }

    private boolean isAboutEquality(String value, Map<String, NodeProto> producers) {
        NodeProto node = producers.get(value);
        if (node == null) {
            return known.initializers().containsKey(value);
        }
        return node.getOpType().equals("Shape")
                || ABOUT_EQUALITY.contains(node.getOpType())
                        && node.getInputList().stream()
                                .allMatch(input -> isAboutEquality(input, producers));
    }

    /** The conditions that come out the same at all sizes. */
    private Map<String, Boolean> probe(List<NodeProto> nodes, List<String> conditions) {
        ModelProto.Builder probed = model.toBuilder().clearFunctions();
        probed.getGraphBuilder().clearNode().addAllNode(nodes).clearOutput();
        TypeProto truth =
                TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(ElementType.BOOL.onnx()))
                        .build();
        for (String condition : conditions) {
            probed.getGraphBuilder()
                    .addOutput(ValueInfoProto.newBuilder().setName(condition).setType(truth));
        }
        List<Map<String, Tensor>> found =
                BranchProbe.run(probed.build().toByteArray(), folder, sketch(nodes));
        Map<String, Boolean> decided = new HashMap<>();
        for (String condition : conditions) {
            boolean first = isTrue(found.get(0).get(condition));
            if (found.stream().allMatch(values -> isTrue(values.get(condition)) == first)) {
                decided.put(condition, first);
            }
        }
        return decided;
    }

    private static boolean isTrue(Tensor value) {
        return value.toLongs()[0] != 0;
    }

    /** What example inputs are made from: the nodes without branches. */
    private Graph sketch(List<NodeProto> nodes) {
        Graph sketch = known.copy();
        for (NodeProto node : nodes) {
            if (ConstantNodes.is(node)) {
                ConstantNodes.read(reader.read(node), sketch);
            } else if (!isIf(node)) {
                sketch.addNode(reader.read(node));
            }
        }
        return sketch;
    }

    private void branch(NodeProto node, boolean way, List<NodeProto> target) {
        String name = way ? "then_branch" : "else_branch";
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                GraphProto branch = attribute.getG();
                reader.initializers(branch, known);
                target.addAll(branch.getNodeList());
                for (int i = 0; i < node.getOutputCount(); i++) {
                    target.add(
                            NodeProto.newBuilder()
                                    .setOpType("Identity")
                                    .addInput(branch.getOutput(i).getName())
                                    .addOutput(node.getOutput(i))
                                    .build());
                }
            }
        }
    }
}
