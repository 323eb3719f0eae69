package io.fedfm.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The parameters of one module as DJL arrays that take gradients. */
public final class ModuleParameters implements Parameters<NDArray> {
    private final Map<String, NDArray> arrays;

    private ModuleParameters(Map<String, NDArray> arrays) {
        this.arrays = arrays;
    }

    /** As the module initializes them; the arrays belong to the manager. */
    public static ModuleParameters initial(NDManager manager, PeftModule module, long seed) {
        return create(manager, module, seed, null);
    }

    /** All normal with deviation 0.5: at its usual start half of a method's gradients are zero. */
    public static ModuleParameters random(NDManager manager, PeftModule module, long seed) {
        return create(manager, module, seed, Initializer.normal(0.5));
    }

    private static ModuleParameters create(
            NDManager manager, PeftModule module, long seed, Initializer override) {
        Random random = new Random(seed);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (ParameterSpec spec : module.parameters()) {
            Initializer initializer = override == null ? spec.initializer() : override;
            Shape shape = new Shape(spec.shape());
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = initializer.next(random, spec.shape());
            }
            NDArray array = manager.create(values, shape);
            array.setRequiresGradient(true);
            arrays.put(spec.name(), array);
        }
        return new ModuleParameters(arrays);
    }

    /** Names and arrays, in the module's order. */
    public Map<String, NDArray> arrays() {
        return arrays;
    }

    @Override
    public NDArray get(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException(
                    "the module declares no parameter '" + name + "', only " + arrays.keySet());
        }
        return array;
    }
}
