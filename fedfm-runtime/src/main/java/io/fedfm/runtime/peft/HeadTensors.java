package io.fedfm.runtime.peft;

import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.runtime.config.ModelConfig.Pooling;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.weave.Trainable;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The trained head in the transformers library's class for a task.
 *
 * <p>A head of the graph itself goes where it came from, with the layers beside it that PEFT saves
 * too ({@code pre_classifier}, {@code classifier.dense}). A linear head on a pooler's output is
 * what the BERT class has. Every other head (on a mean, the first or the last position) computes
 * what no class does: it stays beside the adapter, which is then one for the model without a head.
 */
final class HeadTensors {
    /** What PEFT trains and saves whole: modules whose name ends so. */
    static final List<String> MODULES_TO_SAVE = List.of("classifier", "score");

    private static final Pattern SAVED =
            Pattern.compile("(.*\\.)?\\w*(classifier|score)(\\.\\w+)*\\.(weight|bias)");

    private final PlannedModel planned;

    HeadTensors(PlannedModel planned) {
        this.planned = planned;
    }

    /** Whether the class of the task has no place for this head. */
    boolean isAside(ModuleNames anyNames) {
        boolean pooled =
                planned.config().model().task() == Task.SEQ_CLS
                        && planned.config().model().pooling() == Pooling.POOLER
                        && anyNames.family().map(ModelFamily::poolerHead).orElse(false);
        return planned.config().model().task() != Task.CAUSAL_LM
                && planned.config().model().pooling() != Pooling.HEAD
                && !pooled;
    }

    /** The head by itself, for a file beside the adapter. */
    TensorMapping aside() {
        TensorMapping mapping = new TensorMapping();
        for (Trainable trainable : planned.woven().trainables()) {
            if (trainable.head()) {
                mapping.same(trainable.name(), trainable.name(), trainable.shape());
            }
        }
        return mapping;
    }

    /**
     * Adds the head to an adapter.
     *
     * @param prefix what stands before the names of a model with a head
     */
    void addTo(TensorMapping mapping, String prefix) {
        if (planned.config().model().task() == Task.CAUSAL_LM) {
            return;
        }
        Map<String, Trainable> heads =
                planned.woven().trainables().stream()
                        .filter(Trainable::head)
                        .collect(Collectors.toMap(Trainable::name, t -> t));
        if (planned.config().model().pooling() != Pooling.HEAD) {
            for (String name :
                    List.of(SequenceClassification.WEIGHT, SequenceClassification.BIAS)) {
                mapping.same(name, prefix + name, heads.get(name).shape());
            }
            return;
        }
        for (WeightInfo weight : planned.model().backbone().anatomy().backbone().weights()) {
            if (heads.containsKey(weight.name())) {
                add(mapping, weight, prefix);
            } else if (SAVED.matcher(weight.path()).matches()) {
                addFrozen(mapping, weight, prefix);
            }
        }
    }

    private static void add(TensorMapping mapping, WeightInfo weight, String prefix) {
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        if (weight.transposed()) {
            mapping.transposed(weight.name(), prefix + weight.path(), shape[1], shape[0]);
        } else {
            mapping.same(weight.name(), prefix + weight.path(), shape);
        }
    }

    private void addFrozen(TensorMapping mapping, WeightInfo weight, String prefix) {
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        float[] values =
                planned.model().backbone().graph().initializers().get(weight.name()).toFloats();
        if (weight.transposed()) {
            int rows = Math.toIntExact(shape[0]);
            int columns = Math.toIntExact(shape[1]);
            float[] turned = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                turned[i % columns * rows + i / columns] = values[i];
            }
            mapping.constant(prefix + weight.path(), () -> turned, columns, rows);
        } else {
            mapping.constant(prefix + weight.path(), () -> values, shape);
        }
    }
}
