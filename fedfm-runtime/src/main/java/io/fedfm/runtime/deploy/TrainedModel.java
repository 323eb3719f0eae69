package io.fedfm.runtime.deploy;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A backbone with what was trained in it; all of it is borrowed.
 *
 * @param file the backbone's ONNX file
 * @param backbone as it was read
 * @param plan what was trained
 * @param objective the task
 * @param parameters the trained values, by name
 */
public record TrainedModel(
        Path file,
        FrozenBackbone backbone,
        PeftPlan plan,
        Objective objective,
        Map<String, Tensor> parameters) {
    /** Copies the map. */
    public TrainedModel {
        parameters = Map.copyOf(parameters);
    }

    /** The tensors of a vector: views, valid until it is closed. */
    public static Map<String, Tensor> views(ParameterVector vector) {
        Map<String, Tensor> views = new LinkedHashMap<>();
        for (ParameterLayout.Entry entry : vector.layout().entries()) {
            views.put(
                    entry.name(),
                    new Tensor(
                            ElementType.FLOAT,
                            entry.dimensions(),
                            vector.bytes(entry.offset(), Math.toIntExact(entry.size()))));
        }
        return views;
    }

    /** Names of frozen weights that were trained: the method's, then the head's. */
    Set<String> promoted() {
        Set<String> names = new LinkedHashSet<>(plan.promotions());
        // A head that is not used may have weights of the same names as the new one.
        objective.parameters().forEach(spec -> names.remove(spec.name()));
        names.addAll(objective.promoted());
        return names;
    }

    /** The trained value of a parameter. */
    Tensor parameter(String name) {
        Tensor value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no value of the parameter '" + name + "'");
        }
        return value;
    }
}
