package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import java.util.Map;
import java.util.Set;

/** The frozen nodes of one stage, as a session. */
final class Segment implements AutoCloseable {
    private final OrtSession session;
    private final OrtTensors tensors;
    private final Set<String> outputs;

    Segment(OrtSession session, OrtTensors tensors, Set<String> outputs) {
        this.session = session;
        this.tensors = tensors;
        this.outputs = Set.copyOf(outputs);
    }

    /** Runs on the step's values and adds the outputs to them. */
    void run(Step step) {
        try (Run run = new Run(session, tensors).feed(step.batch.feeds())) {
            for (ParameterLayout.Entry entry : step.parameters.layout().entries()) {
                run.feed(entry.name(), () -> tensors.viewOf(step.parameters, entry));
            }
            for (String input : session.getInputNames()) {
                if (step.values.has(input)) {
                    run.feed(input, () -> tensors.viewOf(step.values.get(input)));
                }
            }
            run.outputs(
                    outputs,
                    made -> {
                        for (Map.Entry<String, OnnxTensor> output : made.entrySet()) {
                            step.values.put(
                                    output.getKey(),
                                    tensors.copyOf(output.getValue(), step.allocator));
                        }
                        return null;
                    });
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL, "a session does not close: " + e.getMessage(), e);
        }
    }
}
