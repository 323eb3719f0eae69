package io.fedfm.testing;

import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SharedTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a plan says it trains. */
final class DeclaredParameters {
    private DeclaredParameters() {}

    /** The names that its parameters have in a model, one for each that is declared. */
    static List<String> names(PeftPlan plan) {
        List<String> names = new ArrayList<>(plan.promotions());
        for (Attachment attachment : plan.attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                names.add(attachment.site().name() + "." + spec.name());
            }
        }
        plan.shared().stream()
                .filter(SharedTensor::trained)
                .forEach(tensor -> names.add(tensor.spec().name()));
        return names;
    }

    /** Names and shapes, in order. */
    static List<String> describe(PeftPlan plan) {
        List<String> lines = new ArrayList<>(plan.promotions());
        for (Attachment attachment : plan.attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                lines.add(
                        attachment.site().name()
                                + "."
                                + spec.name()
                                + Arrays.toString(spec.shape()));
            }
        }
        return lines;
    }
}
