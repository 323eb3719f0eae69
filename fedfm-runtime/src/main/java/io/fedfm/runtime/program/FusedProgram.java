package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Terms;
import io.fedfm.runtime.weave.WovenGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Modules inside the graph: one ORT run gives the loss and all gradients, which ORT writes straight
 * to the gradient vector.
 */
public final class FusedProgram implements Program {
    private final OrtTensors tensors;
    private final OrtSession training;
    private final OrtSession evaluation;
    private final Terms terms;
    private final Terms evaluationTerms;
    private final ParameterLayout layout;
    private final Map<String, String> gradients;

    /**
     * Compiles.
     *
     * @param training modules as nodes, dropout on; gradients are appended to it
     * @param evaluation the same without dropout
     * @param shapes of the values of {@code training}
     * @param boundaries values between the parts of {@code training} whose activations are computed
     *     again in the backward pass; none to keep all activations
     * @param sessions opens sessions over the frozen weights
     */
    public FusedProgram(
            WovenGraph training,
            WovenGraph evaluation,
            Shapes shapes,
            List<String> boundaries,
            Sessions sessions) {
        this.tensors = new OrtTensors(sessions.environment());
        this.layout = training.layout();
        this.terms = training.terms();
        this.evaluationTerms = evaluation.terms();
        this.gradients = Gradients.append(training, shapes, boundaries);
        Gradients.forwardOnly(evaluation);
        this.training = sessions.open(training.graph());
        this.evaluation = sessions.open(evaluation.graph());
    }

    @Override
    public Outcome step(
            Batch batch, ParameterVector parameters, ParameterVector result, long dropoutSeed) {
        try (Run run = run(training, batch, parameters)) {
            run.feed("dropout_seed", () -> tensors.copyOf(Tensor.longs(new long[] {dropoutSeed})));
            for (ParameterLayout.Entry entry : layout.entries()) {
                run.pin(gradients.get(entry.name()), tensors.viewOf(result, entry));
            }
            return run.outputs(
                    Set.of(terms.loss(), terms.labels(), terms.correct()), o -> outcome(o, terms));
        }
    }

    @Override
    public Outcome evaluate(Batch batch, ParameterVector parameters) {
        Terms t = evaluationTerms;
        try (Run run = run(evaluation, batch, parameters)) {
            Set<String> wanted = new HashSet<>(Set.of(t.loss(), t.labels(), t.correct()));
            if (t.predicted().isEmpty()) {
                return run.outputs(wanted, o -> outcome(o, t));
            }
            wanted.add(t.predicted());
            return run.outputs(
                    wanted,
                    o -> outcome(o, t).withPredicted(tensors.toTensor(o.get(t.predicted()))));
        }
    }

    @Override
    public Tensor logits(Batch batch, ParameterVector parameters) {
        String logits = evaluationTerms.logits();
        try (Run run = run(evaluation, batch, parameters)) {
            return run.outputs(Set.of(logits), o -> tensors.toTensor(o.get(logits)));
        }
    }

    private Run run(OrtSession session, Batch batch, ParameterVector parameters) {
        Run run = new Run(session, tensors).feed(batch.feeds());
        layout.entries()
                .forEach(entry -> run.feed(entry.name(), () -> tensors.viewOf(parameters, entry)));
        return run;
    }

    private static Outcome outcome(Map<String, OnnxTensor> outputs, Terms terms) {
        return new Outcome(
                OrtTensors.scalar(outputs.get(terms.loss())),
                (long) OrtTensors.scalar(outputs.get(terms.labels())),
                (long) OrtTensors.scalar(outputs.get(terms.correct())));
    }

    @Override
    public void close() {
        try {
            training.close();
            evaluation.close();
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL, "a session does not close: " + e.getMessage(), e);
        }
    }
}
