package io.fedfm.api.peft;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a method adds to a backbone.
 *
 * @param attachments modules at sites; several at one site are applied in this order
 * @param promotions names of frozen weights that become trainable, starting from their value
 * @param shared tensors that modules at all sites read by name, beside their own
 * @param virtualTokens trained tokens before the real ones
 * @param tasks names of the tasks that modules tell apart; none if all rows are alike
 */
public record PeftPlan(
        List<Attachment> attachments,
        List<String> promotions,
        List<SharedTensor> shared,
        VirtualTokens virtualTokens,
        List<String> tasks) {
    /** Copies the lists. */
    public PeftPlan {
        attachments = List.copyOf(attachments);
        promotions = List.copyOf(promotions);
        shared = List.copyOf(shared);
        tasks = List.copyOf(tasks);
    }

    /** A plan of modules and promoted weights. */
    public PeftPlan(List<Attachment> attachments, List<String> promotions) {
        this(attachments, promotions, List.of(), VirtualTokens.NONE, List.of());
    }

    /** A plan of modules only. */
    public static PeftPlan of(List<Attachment> attachments) {
        return new PeftPlan(attachments, List.of());
    }

    /** A plan of promoted weights only. */
    public static PeftPlan promoting(List<String> weights) {
        return new PeftPlan(List.of(), weights);
    }

    /**
     * Several plans at once, their modules in this order.
     *
     * @throws IllegalArgumentException if more than one has virtual tokens
     */
    public static PeftPlan join(List<PeftPlan> plans) {
        List<Attachment> attachments = new ArrayList<>();
        Set<String> promotions = new LinkedHashSet<>();
        List<SharedTensor> shared = new ArrayList<>();
        VirtualTokens tokens = VirtualTokens.NONE;
        Set<String> tasks = new LinkedHashSet<>();
        for (PeftPlan plan : plans) {
            attachments.addAll(plan.attachments);
            promotions.addAll(plan.promotions);
            shared.addAll(plan.shared);
            tokens = tokens.and(plan.virtualTokens);
            tasks.addAll(plan.tasks);
        }
        return new PeftPlan(
                attachments, List.copyOf(promotions), shared, tokens, List.copyOf(tasks));
    }

    /** The same with other modules. */
    public PeftPlan withAttachments(List<Attachment> others) {
        return new PeftPlan(others, promotions, shared, virtualTokens, tasks);
    }

    /** The same with shared tensors. */
    public PeftPlan withShared(List<SharedTensor> tensors) {
        return new PeftPlan(attachments, promotions, tensors, virtualTokens, tasks);
    }

    /** The same with virtual tokens. */
    public PeftPlan withVirtualTokens(VirtualTokens tokens) {
        return new PeftPlan(attachments, promotions, shared, tokens, tasks);
    }

    /** The same with tasks. */
    public PeftPlan withTasks(List<String> names) {
        return new PeftPlan(attachments, promotions, shared, virtualTokens, names);
    }

    /**
     * A module at a site; its parameters are named {@code site.name() + "." + name}.
     *
     * @param site where
     * @param module what
     */
    public record Attachment(Site site, PeftModule module) {}
}
