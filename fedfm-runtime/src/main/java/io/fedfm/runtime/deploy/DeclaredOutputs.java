package io.fedfm.runtime.deploy;

import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.objective.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an exported model declares of its outputs. */
final class DeclaredOutputs {
    private DeclaredOutputs() {}

    /**
     * What the backbone's file declares, and the logits: an axis for each of the labels, and one of
     * classes.
     *
     * @param logits the name of the output
     */
    static Map<String, ValueInfo> of(SourceModel source, TrainedModel trained, String logits) {
        Map<String, ValueInfo> outputs = new HashMap<>(source.outputs());
        if (trained.plan().virtualTokens().embedded()) {
            outputs.replaceAll((name, declared) -> longer(declared));
        }
        Objective objective = trained.objective();
        long classes =
                objective.parameters().isEmpty()
                        ? trained.backbone().outputs().classes()
                        : objective.parameters().get(0).shape()[0];
        List<String> symbols = symbols(source);
        List<String> dimensions = new ArrayList<>();
        for (int axis = 0; axis < objective.labelDimensions().size(); axis++) {
            dimensions.add(axis < symbols.size() ? symbols.get(axis) : "");
        }
        dimensions.add(Long.toString(classes));
        outputs.put(logits, new ValueInfo(logits, ElementType.FLOAT, dimensions));
        return outputs;
    }

    /** Virtual tokens are in the hidden states too. */
    private static ValueInfo longer(ValueInfo declared) {
        List<String> dimensions = new ArrayList<>(declared.dimensions());
        if (dimensions.size() == 3) {
            dimensions.set(1, "");
        }
        return new ValueInfo(declared.name(), declared.type(), dimensions);
    }

    /** What the inputs call rows, and tokens where there are any. */
    private static List<String> symbols(SourceModel source) {
        for (Map.Entry<String, InputRole> role : InputRole.of(source.graph()).entrySet()) {
            List<String> dimensions = source.graph().inputs().get(role.getKey()).dimensions();
            if (role.getValue() == InputRole.TOKENS) {
                return dimensions.subList(0, 2);
            }
            if (role.getValue() == InputRole.PIXELS) {
                return dimensions.subList(0, 1);
            }
        }
        return List.of();
    }
}
