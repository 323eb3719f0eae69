package io.fedfm.runtime.program;

import java.util.HashMap;
import java.util.Map;

/** The Arrow tensors between the stages of one step. */
final class StepValues implements AutoCloseable {
    private final Map<String, ArrowTensor> tensors = new HashMap<>();

    /** Takes a tensor over. */
    void put(String name, ArrowTensor tensor) {
        tensors.put(name, tensor);
    }

    /** A tensor, still owned by the step. */
    ArrowTensor get(String name) {
        ArrowTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no stage has made '" + name + "' yet");
        }
        return tensor;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public void close() {
        tensors.values().forEach(ArrowTensor::close);
        tensors.clear();
    }
}
