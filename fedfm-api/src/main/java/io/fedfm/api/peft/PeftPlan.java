package io.fedfm.api.peft;

import java.util.List;

/**
 * What a method adds to a backbone.
 *
 * @param attachments modules at sites; several at one site are applied in this order
 * @param promotions names of frozen weights that become trainable, starting from their value
 */
public record PeftPlan(List<Attachment> attachments, List<String> promotions) {
    /** Copies the lists. */
    public PeftPlan {
        attachments = List.copyOf(attachments);
        promotions = List.copyOf(promotions);
    }

    /** A plan of modules only. */
    public static PeftPlan of(List<Attachment> attachments) {
        return new PeftPlan(attachments, List.of());
    }

    /**
     * A module at a site; its parameters are named {@code site.name() + "." + name}.
     *
     * @param site where
     * @param module what
     */
    public record Attachment(Site site, PeftModule module) {}
}
