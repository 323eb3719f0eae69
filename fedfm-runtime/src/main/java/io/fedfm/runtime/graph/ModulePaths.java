package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the dotted path of the module that an exporter made a node from. */
final class ModulePaths {
    /** The key under which fedfm itself keeps a path that the node's name does not tell. */
    static final String KEY = "io.fedfm.module_path";

    private static final String SCOPES = "pkg.torch.onnx.name_scopes";
    private static final String NAMESPACE = "namespace";

    /** What torch calls nodes that no module made. */
    private static final String NO_MODULE = "_empty_nn_module_stack";

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    private ModulePaths() {}

    static String of(NodeProto node) {
        String scopes = "";
        String namespace = "";
        for (StringStringEntryProto entry : node.getMetadataPropsList()) {
            switch (entry.getKey()) {
                case KEY -> {
                    return entry.getValue();
                }
                case SCOPES -> scopes = entry.getValue();
                case NAMESPACE -> namespace = entry.getValue();
                default -> {}
            }
        }
        if (!scopes.isEmpty()) {
            return ofScopes(scopes);
        }
        return namespace.isEmpty() ? ofName(node.getName()) : ofNamespace(namespace);
    }

    /** {@code "/encoder/layer.0/query/MatMul"}, as the TorchScript exporter names nodes. */
    static String ofName(String name) {
        if (!name.startsWith("/")) {
            return "";
        }
        String[] parts = name.substring(1).split("/");
        List<String> path = new ArrayList<>();
        for (int i = 0; i < parts.length - 1; i++) {
            // A Sequential repeats itself in the names of its children: /layer1/layer1.0/conv1.
            boolean repeated = i + 2 < parts.length && parts[i + 1].startsWith(parts[i] + ".");
            if (!repeated) {
                path.add(parts[i]);
            }
        }
        return String.join(".", path);
    }

    /** {@code "['', 'encoder', 'encoder.layer.0', 'linear_1']"}: the last but one. */
    static String ofScopes(String list) {
        List<String> scopes = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(list);
        while (matcher.find()) {
            scopes.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        return scopes.size() < 2 ? "" : module(scopes.get(scopes.size() - 2));
    }

    /** {@code ": Bert/encoder: Encoder/linear_1: aten.linear.default"}: the last but one. */
    static String ofNamespace(String namespace) {
        String[] parts = namespace.split("/");
        return parts.length < 2 ? "" : module(parts[parts.length - 2].split(":", 2)[0].strip());
    }

    private static String module(String scope) {
        return scope.startsWith(NO_MODULE) ? "" : scope;
    }
}
