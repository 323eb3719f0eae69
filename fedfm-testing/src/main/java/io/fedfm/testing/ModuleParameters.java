package io.fedfm.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The parameters of one module as DJL arrays that take gradients. */
public final class ModuleParameters implements Parameters<NDArray> {
    private final Map<String, NDArray> arrays;
    private final Map<String, NDArray> shared = new LinkedHashMap<>();

    private ModuleParameters(Map<String, NDArray> arrays) {
        this.arrays = arrays;
    }

    /** As the module initializes them; the arrays belong to the manager. */
    public static ModuleParameters initial(NDManager manager, PeftModule module, long seed) {
        return create(manager, module, seed, null);
    }

    /**
     * As the module initializes them at a site, from its weights where it says so, with the shared
     * tensors of the plan.
     */
    public static ModuleParameters initial(
            NDManager manager, PeftPlan plan, PeftModule module, FakeSite site, long seed) {
        ModuleParameters parameters = create(manager, module, seed, null);
        DjlOps ops = new DjlOps(manager, false, new DropoutStream(0));
        for (ParameterSpec spec : module.parameters()) {
            module.initial(spec.name(), ops, site.weights())
                    .ifPresent(value -> parameters.put(spec.name(), value.duplicate()));
        }
        return parameters.with(manager, plan, seed, null);
    }

    /** All normal with deviation 0.5: at its usual start half of a method's gradients are zero. */
    public static ModuleParameters random(NDManager manager, PeftModule module, long seed) {
        return create(manager, module, seed, Initializer.normal(0.5));
    }

    /**
     * The same with the shared tensors of the plan: trained ones random too, others as they are.
     */
    public static ModuleParameters random(
            NDManager manager, PeftPlan plan, PeftModule module, long seed) {
        return random(manager, module, seed).with(manager, plan, seed, Initializer.normal(0.5));
    }

    private static ModuleParameters create(
            NDManager manager, PeftModule module, long seed, Initializer override) {
        ModuleParameters parameters = new ModuleParameters(new LinkedHashMap<>());
        Random random = new Random(seed);
        for (ParameterSpec spec : module.parameters()) {
            parameters.put(spec.name(), drawn(manager, spec, random, override));
        }
        return parameters;
    }

    private ModuleParameters with(
            NDManager manager, PeftPlan plan, long seed, Initializer override) {
        Random random = new Random(seed);
        for (SharedTensor tensor : plan.shared()) {
            ParameterSpec spec = tensor.spec();
            shared.put(
                    spec.name(),
                    tensor.trained()
                            ? drawn(manager, spec, random, override)
                            : manager.create(tensor.values().get(), new Shape(spec.shape())));
        }
        return this;
    }

    private static NDArray drawn(
            NDManager manager, ParameterSpec spec, Random random, Initializer override) {
        Initializer initializer = override == null ? spec.initializer() : override;
        Shape shape = new Shape(spec.shape());
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = initializer.next(random, spec.shape());
        }
        return manager.create(values, shape);
    }

    private void put(String name, NDArray array) {
        array.setRequiresGradient(true);
        arrays.put(name, array);
    }

    /** Names and arrays, in the module's order. */
    public Map<String, NDArray> arrays() {
        return arrays;
    }

    @Override
    public NDArray get(String name) {
        NDArray array = arrays.getOrDefault(name, shared.get(name));
        if (array == null) {
            throw new IllegalArgumentException(
                    "the module declares no parameter '" + name + "', only " + arrays.keySet());
        }
        return array;
    }
}
