package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoraAdapter;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.OrtRuntime;
import io.fedfm.runtime.graph.Tensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model's file as any program opens it with ONNX Runtime, with an adapter or without. */
public final class ModelSession implements AutoCloseable {
    private final Path file;
    private final OrtTensors tensors = new OrtTensors(OrtRuntime.environment());
    private final OrtSession session;
    private final Optional<OrtLoraAdapter> adapter;

    /**
     * Opens a file.
     *
     * @param file the model
     * @param adapter an {@code .onnx_adapter} that is active in every run
     * @throws FedFmException MODEL_INVALID if ONNX Runtime does not take one of them
     */
    public ModelSession(Path file, Optional<Path> adapter) {
        this.file = file;
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session =
                    OrtRuntime.environment()
                            .createSession(file.toAbsolutePath().toString(), options);
            this.adapter =
                    adapter.isPresent()
                            ? Optional.of(
                                    OrtLoraAdapter.create(
                                            adapter.get().toAbsolutePath().toString()))
                            : Optional.empty();
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID,
                    file + " is not taken by ONNX Runtime: " + e.getMessage(),
                    e);
        }
    }

    /** The names of the inputs that must be given. */
    public Set<String> inputs() {
        return session.getInputNames();
    }

    /** The names of the outputs. */
    public Set<String> outputs() {
        return session.getOutputNames();
    }

    /** One output, given the inputs; those that the model does not take are left out. */
    public Tensor run(Map<String, Tensor> feeds, String output) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (RunOptions options = new RunOptions()) {
            if (adapter.isPresent()) {
                options.addActiveLoraAdapter(adapter.get());
            }
            feeds.forEach(
                    (name, tensor) -> {
                        if (inputs().contains(name)) {
                            inputs.put(name, tensors.copyOf(tensor));
                        }
                    });
            try (OrtSession.Result result = session.run(inputs, Set.of(output), options)) {
                return tensors.toTensor((OnnxTensor) result.get(output).orElseThrow());
            }
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, file + " does not run: " + e.getMessage(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
            adapter.ifPresent(OrtLoraAdapter::close);
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL, "a session does not close: " + e.getMessage(), e);
        }
    }
}
