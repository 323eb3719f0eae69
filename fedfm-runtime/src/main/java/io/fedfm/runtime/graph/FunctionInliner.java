package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Replaces calls of a model's own functions, as some exporters write them, by their bodies. */
final class FunctionInliner {
    private static final int DEPTH = 32;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final List<NodeProto> inlined = new ArrayList<>();
    private int calls;

    private FunctionInliner() {}

    /** The nodes of the main graph, without calls. */
    static List<NodeProto> inline(ModelProto model, long opset) {
        FunctionInliner inliner = new FunctionInliner();
        for (FunctionProto function : model.getFunctionsList()) {
            for (OperatorSetIdProto id : function.getOpsetImportList()) {
                if (NodeReader.domain(id.getDomain()).isEmpty() && id.getVersion() != opset) {
                    throw new FedFmException(
                            ErrorCode.MODEL_UNSUPPORTED,
                            "function '"
                                    + function.getName()
                                    + "' is at opset "
                                    + id.getVersion()
                                    + " and the model at "
                                    + opset
                                    + "; export with functions inlined");
                }
            }
            inliner.functions.put(key(function.getDomain(), function.getName()), function);
        }
        model.getGraph().getNodeList().forEach(node -> inliner.add(node, 0));
        return inliner.inlined;
    }

    private static String key(String domain, String name) {
        return NodeReader.domain(domain) + ":" + name;
    }

    private void add(NodeProto node, int depth) {
        FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
        if (function == null) {
            inlined.add(node);
            return;
        }
        if (depth == DEPTH) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    "function '" + function.getName() + "' calls itself or nests too deep");
        }
        expand(node, function, depth);
    }

    private void expand(NodeProto call, FunctionProto function, int depth) {
        String prefix = function.getName() + "#" + calls++ + "/";
        Map<String, String> names = new HashMap<>();
        names.put("", "");
        for (int i = 0; i < function.getInputCount(); i++) {
            names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
        }
        for (int i = 0; i < function.getOutputCount(); i++) {
            if (i < call.getOutputCount() && !call.getOutput(i).isEmpty()) {
                names.put(function.getOutput(i), call.getOutput(i));
            }
        }
        Map<String, AttributeProto> arguments = new HashMap<>();
        function.getAttributeProtoList().forEach(a -> arguments.put(a.getName(), a));
        call.getAttributeList().forEach(a -> arguments.put(a.getName(), a));
        for (NodeProto node : function.getNodeList()) {
            NodeProto.Builder body = node.toBuilder().clearInput().clearOutput().clearAttribute();
            node.getInputList()
                    .forEach(n -> body.addInput(names.computeIfAbsent(n, k -> prefix + k)));
            node.getOutputList()
                    .forEach(n -> body.addOutput(names.computeIfAbsent(n, k -> prefix + k)));
            for (AttributeProto attribute : node.getAttributeList()) {
                bind(attribute, arguments, body);
            }
            body.setName(prefix + node.getName());
            if (node.getMetadataPropsCount() == 0) {
                body.addAllMetadataProps(call.getMetadataPropsList());
            }
            add(body.build(), depth + 1);
        }
    }

    /** Puts an attribute, or the call's argument that it refers to, if there is one. */
    private static void bind(
            AttributeProto attribute,
            Map<String, AttributeProto> arguments,
            NodeProto.Builder body) {
        if (attribute.getRefAttrName().isEmpty()) {
            body.addAttribute(attribute);
        } else if (arguments.containsKey(attribute.getRefAttrName())) {
            body.addAttribute(
                    arguments.get(attribute.getRefAttrName()).toBuilder()
                            .setName(attribute.getName()));
        }
    }
}
