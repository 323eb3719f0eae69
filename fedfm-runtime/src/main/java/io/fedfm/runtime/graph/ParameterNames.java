package io.fedfm.runtime.graph;

import java.util.Set;
import java.util.regex.Pattern;

/** What PyTorch calls the parameters that operators read. */
public final class ParameterNames {
    private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.\\w+)+");
    private static final Set<String> NORMS =
            Set.of(
                    "BatchNormalization",
                    "GroupNormalization",
                    "InstanceNormalization",
                    "LayerNormalization",
                    "RMSNormalization");
    private static final Set<String> LAYERS = Set.of("Conv", "ConvTranspose", "Gemm");

    private ParameterNames() {}

    /**
     * Whether an initializer has kept its name ("encoder.layer.0.attention.self.query.bias"); what
     * exporters fold has another ("onnx::MatMul_320", "val_62").
     */
    public static boolean isKept(String initializer) {
        return DOTTED.matcher(initializer).matches();
    }

    /**
     * The last part of the name of the parameter at an input of an operator: {@code weight}, {@code
     * bias}, {@code running_mean} or {@code running_var}; "" if parameters do not stand there.
     */
    public static String role(Node node, int input) {
        if (!node.domain().isEmpty()) {
            return "";
        }
        String op = node.op();
        if (NORMS.contains(op) || LAYERS.contains(op)) {
            return switch (input) {
                case 1 -> "weight";
                case 2 -> "bias";
                case 3 -> "running_mean";
                case 4 -> "running_var";
                default -> "";
            };
        }
        return switch (op) {
            case "Add" -> "bias";
            case "Mul" -> "weight";
            case "MatMul" -> input == 1 ? "weight" : "";
            case "Gather" -> input == 0 ? "weight" : "";
            default -> "";
        };
    }
}
