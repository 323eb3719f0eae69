package io.fedfm.runtime.program;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.weave.OpaqueModule;
import io.fedfm.runtime.weave.SiteValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A module run forward on DJL arrays under autograd, ready to run backward. */
final class ModuleTape {
    private final List<NDArray> leaves = new ArrayList<>();
    private final NDArray result;

    /**
     * Runs a module forward and leaves its result among the step's values.
     *
     * @param constants the frozen weights among the node's inputs
     */
    ModuleTape(OpaqueModule module, Node node, Map<String, Tensor> constants, Step step) {
        Map<String, NDArray> tensors = new HashMap<>();
        Map<String, NDArray> parameters = new HashMap<>();
        List<String> inputs = node.inputs();
        int sites = module.tensors().size();
        JniUtils.setGradMode(step.training);
        try {
            for (int i = 0; i < inputs.size(); i++) {
                NDArray leaf = leaf(inputs.get(i), constants, step);
                leaf.setRequiresGradient(step.training && !constants.containsKey(inputs.get(i)));
                leaves.add(leaf);
                if (i < sites) {
                    tensors.put(module.tensors().get(i), leaf);
                } else {
                    parameters.put(module.parameters().get(i - sites), leaf);
                }
            }
            DjlOps ops =
                    new DjlOps(step.manager, step.training, module.dropoutSeeds(step.dropoutSeed));
            SiteValues<NDArray> site = SiteValues.of(tensors);
            result =
                    module.onInput()
                            ? module.module().applyToInput(ops, site, parameters::get)
                            : module.module().apply(ops, site, parameters::get);
        } finally {
            JniUtils.setGradMode(false);
        }
        step.values.put(node.output(), DjlTensors.viewOf(result, step.allocator));
    }

    /** Runs backward and leaves the wanted gradients among the step's values. */
    void backward(Node vjp, Step step) {
        JniUtils.setGradMode(true);
        try {
            NDArray cotangent = DjlTensors.viewOf(step.values.get(vjp.input(0)), step.manager);
            JniUtils.backward((PtNDArray) result, (PtNDArray) cotangent, false, false);
        } finally {
            JniUtils.setGradMode(false);
        }
        for (int i = 0; i < leaves.size(); i++) {
            String output = vjp.outputs().get(i);
            if (!output.isEmpty()) {
                step.values.put(
                        output, DjlTensors.viewOf(leaves.get(i).getGradient(), step.allocator));
            }
        }
    }

    private static NDArray leaf(String name, Map<String, Tensor> constants, Step step) {
        if (step.values.has(name)) {
            return DjlTensors.viewOf(step.values.get(name), step.manager);
        }
        if (constants.containsKey(name)) {
            return DjlTensors.viewOf(constants.get(name), step.manager);
        }
        ParameterLayout.Entry entry = step.parameters.layout().entry(name);
        return DjlTensors.viewOf(step.parameters, entry, step.manager);
    }
}
