package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** One run of a session: its inputs and pinned outputs, closed together. */
final class Run implements AutoCloseable {
    private final OrtSession session;
    private final OrtTensors tensors;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> pinned = new HashMap<>();

    Run(OrtSession session, OrtTensors tensors) {
        this.session = session;
        this.tensors = tensors;
    }

    /** Feeds what the session takes of these. */
    Run feed(Map<String, Tensor> feeds) {
        feeds.forEach((name, tensor) -> feed(name, () -> tensors.copyOf(tensor)));
        return this;
    }

    /** Feeds a tensor, if the session takes it. */
    Run feed(String name, Supplier<OnnxTensor> tensor) {
        if (session.getInputNames().contains(name)) {
            inputs.put(name, tensor.get());
        }
        return this;
    }

    /** Lets ORT write an output to memory of ours. */
    Run pin(String name, OnnxTensor tensor) {
        pinned.put(name, tensor);
        return this;
    }

    /** Runs, and reads the outputs asked for while they are open. */
    <R> R outputs(Set<String> wanted, Function<Map<String, OnnxTensor>, R> reader) {
        Set<String> missing = new LinkedHashSet<>(session.getInputNames());
        missing.removeAll(inputs.keySet());
        if (!missing.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone takes inputs that the data does not give: " + missing);
        }
        try (OrtSession.Result result = session.run(inputs, wanted, pinned)) {
            Map<String, OnnxTensor> outputs = new HashMap<>();
            wanted.forEach(name -> outputs.put(name, (OnnxTensor) result.get(name).orElseThrow()));
            return reader.apply(outputs);
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        pinned.values().forEach(OnnxTensor::close);
    }
}
