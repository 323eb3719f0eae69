package io.fedfm.runtime.peft;

import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.weave.Trainable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Trained parameters by plain names: weights of the backbone by those they have in PyTorch, all
 * others by those of fedfm.
 *
 * @param mapping parameters to tensors
 * @param notes what the user should know, a sentence each
 */
public record TorchTensors(TensorMapping mapping, List<String> notes) {
    /** Names for all that is trained. */
    public static TorchTensors of(PlannedModel planned, Naming naming) {
        boolean aside =
                new HeadTensors(planned).isAside(new ModuleNames(planned.model(), naming, true));
        ModuleNames names = new ModuleNames(planned.model(), naming, !aside);
        Map<String, WeightInfo> weights =
                planned.model().backbone().anatomy().backbone().weights().stream()
                        .collect(Collectors.toMap(WeightInfo::name, w -> w));
        TensorMapping mapping = new TensorMapping();
        boolean untold = false;
        boolean modules = false;
        for (Trainable trainable : planned.woven().trainables()) {
            WeightInfo weight = weights.get(trainable.name());
            long[] shape = trainable.shape();
            String name = weight == null ? "" : names.findWeight(weight);
            if (name.isEmpty()) {
                untold |= weight != null;
                modules |= weight == null && !trainable.head();
                mapping.same(trainable.name(), trainable.name(), shape);
            } else if (weight.transposed()) {
                mapping.transposed(trainable.name(), name, shape[1], shape[0]);
            } else {
                mapping.same(trainable.name(), name, shape);
            }
        }
        List<String> notes = new java.util.ArrayList<>();
        if (untold) {
            notes.add(
                    "some weights keep the names of the graph: it does not tell what PyTorch calls"
                            + " them");
        }
        if (modules) {
            notes.add("modules have the names of fedfm: SITE.PARAMETER");
        }
        if (aside) {
            notes.add(
                    "weights are named as in the model without a head; classifier.* is the head that"
                            + " was trained on model.pooling");
        }
        return new TorchTensors(mapping, notes);
    }
}
