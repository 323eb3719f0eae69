package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.objective.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes graph inputs of all that is trained, and constants of shared tensors that are not. */
final class TrainableInputs {
    private final PeftPlan plan;
    private final Objective objective;
    private final Map<String, Tensor> starts;

    /**
     * For one plan.
     *
     * @param starts values of parameters that start from frozen weights, by name
     */
    TrainableInputs(PeftPlan plan, Objective objective, Map<String, Tensor> starts) {
        this.plan = plan;
        this.objective = objective;
        this.starts = starts;
    }

    /**
     * Declares the parameters of modules in the order of the plan, shared tensors, promoted weights
     * and the head.
     */
    List<Trainable> declare(Graph graph) {
        List<Trainable> trainables = new ArrayList<>(ofModules());
        trainables.addAll(shared(graph));
        trainables.addAll(promoted(graph));
        for (ParameterSpec spec : objective.parameters()) {
            trainables.add(Trainable.declared(spec.name(), spec, null, true));
        }
        Set<String> names = new LinkedHashSet<>(graph.inputs().keySet());
        for (Trainable trainable : trainables) {
            if (!names.add(trainable.name())) {
                throw misfit("two parameters or inputs are called '" + trainable.name() + "'");
            }
            String[] dimensions =
                    Arrays.stream(trainable.shape())
                            .mapToObj(Long::toString)
                            .toArray(String[]::new);
            graph.addInput(ValueInfo.of(trainable.name(), ElementType.FLOAT, dimensions));
        }
        graph.addInput(
                new ValueInfo(Objective.LABELS, ElementType.INT64, objective.labelDimensions()));
        return trainables;
    }

    private List<Trainable> ofModules() {
        List<Trainable> trainables = new ArrayList<>();
        for (PeftPlan.Attachment attachment : plan.attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                String name = attachment.site().name() + "." + spec.name();
                trainables.add(Trainable.declared(name, spec, starts.get(name), false));
            }
        }
        return trainables;
    }

    private List<Trainable> shared(Graph graph) {
        List<Trainable> trainables = new ArrayList<>();
        for (SharedTensor tensor : plan.shared()) {
            String name = tensor.spec().name();
            if (tensor.trained()) {
                trainables.add(Trainable.declared(name, tensor.spec(), null, false));
            }
        }
        addFrozen(plan, graph);
        return trainables;
    }

    /** Makes constants of the shared tensors of a plan that are not trained. */
    static void addFrozen(PeftPlan plan, Graph graph) {
        for (SharedTensor tensor : plan.shared()) {
            if (!tensor.trained()) {
                graph.addInitializer(
                        tensor.spec().name(),
                        Tensor.floats(tensor.values().get(), tensor.spec().shape()));
            }
        }
    }

    private List<Trainable> promoted(Graph graph) {
        Set<String> head = new LinkedHashSet<>(objective.promoted());
        Set<String> names = new LinkedHashSet<>(plan.promotions());
        // A head that is not used, whose name the task's own head takes.
        objective.parameters().forEach(spec -> names.remove(spec.name()));
        names.addAll(head);
        List<Trainable> trainables = new ArrayList<>();
        for (String name : names) {
            Tensor value = graph.initializers().get(name);
            if (value == null) {
                throw misfit("no frozen weight is called '" + name + "'");
            }
            if (value.type() != ElementType.FLOAT) {
                throw misfit("the weight '" + name + "' is of " + value.type() + ", not float32");
            }
            trainables.add(Trainable.promoted(name, value, head.contains(name)));
            graph.removeInitializer(name);
        }
        return trainables;
    }

    private static FedFmException misfit(String what) {
        return new FedFmException(
                ErrorCode.PLUGIN_FAILED, "the PEFT method's plan does not fit: " + what);
    }
}
