package io.fedfm.runtime.program;

import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.Terms;
import io.fedfm.runtime.weave.WovenGraph;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Modules in DJL: frozen segments run forward and backward in ORT, modules in DJL under autograd,
 * and every tensor between them is an Arrow buffer.
 */
public final class SplitProgram implements Program {
    private final BufferAllocator allocator;
    private final StagedGraph training;
    private final StagedGraph evaluation;
    private final Terms terms;
    private final Terms evaluationTerms;
    private final ParameterLayout layout;
    private final Map<String, String> gradients;

    /**
     * Compiles.
     *
     * @param training modules opaque; gradients are appended to it
     * @param evaluation the same, for the forward pass alone
     * @param shapes of the values of both
     * @param sessions opens sessions over the frozen weights
     * @param allocator of the tensors between stages
     */
    public SplitProgram(
            WovenGraph training,
            WovenGraph evaluation,
            Shapes shapes,
            Sessions sessions,
            BufferAllocator allocator) {
        this.allocator = allocator;
        this.layout = training.layout();
        this.terms = training.terms();
        this.evaluationTerms = evaluation.terms();
        this.gradients = Gradients.append(training, shapes, List.of());
        Gradients.forwardOnly(evaluation);
        this.training = new StagedGraph(training, shapes, sessions);
        this.evaluation = new StagedGraph(evaluation, shapes, sessions);
    }

    @Override
    public Outcome step(
            Batch batch, ParameterVector parameters, ParameterVector result, long dropoutSeed) {
        try (Step step = new Step(batch, parameters, dropoutSeed, true, allocator)) {
            training.run(step);
            for (ParameterLayout.Entry entry : layout.entries()) {
                ByteBuffer gradient = step.values.get(gradients.get(entry.name())).bytes();
                result.bytes(entry.offset(), Math.toIntExact(entry.size())).put(gradient);
            }
            return outcome(step, terms);
        }
    }

    @Override
    public Outcome evaluate(Batch batch, ParameterVector parameters) {
        try (Step step = new Step(batch, parameters, 0, false, allocator)) {
            evaluation.run(step);
            Outcome outcome = outcome(step, evaluationTerms);
            String predicted = evaluationTerms.predicted();
            return predicted.isEmpty() ? outcome : outcome.withPredicted(copy(step, predicted));
        }
    }

    @Override
    public Tensor logits(Batch batch, ParameterVector parameters) {
        try (Step step = new Step(batch, parameters, 0, false, allocator)) {
            evaluation.run(step);
            return copy(step, evaluationTerms.logits());
        }
    }

    private static Tensor copy(Step step, String value) {
        ArrowTensor tensor = step.values.get(value);
        ByteBuffer copy = ByteBuffer.allocate(tensor.bytes().remaining());
        copy.put(tensor.bytes()).flip();
        return new Tensor(tensor.type(), tensor.shape(), copy);
    }

    private static Outcome outcome(Step step, Terms terms) {
        return new Outcome(
                scalar(step, terms.loss()),
                (long) scalar(step, terms.labels()),
                (long) scalar(step, terms.correct()));
    }

    private static float scalar(Step step, String value) {
        return step.values.get(value).bytes().getFloat(0);
    }

    @Override
    public void close() {
        training.close();
        evaluation.close();
    }
}
