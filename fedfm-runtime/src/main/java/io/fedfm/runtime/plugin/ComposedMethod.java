package io.fedfm.runtime.plugin;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several methods as one: the modules of each in turn, and the weights that any promotes. */
public final class ComposedMethod implements PeftMethod {
    private final Map<String, PeftMethod> methods;

    /**
     * Methods that are used together.
     *
     * @param methods where each stands in the settings ("peft.0, lora") to the method, in order
     */
    public ComposedMethod(Map<String, PeftMethod> methods) {
        this.methods = new LinkedHashMap<>(methods);
    }

    /**
     * The plans joined.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} if two methods call a
     *     parameter of one place the same, or if more than one has virtual tokens
     */
    @Override
    public PeftPlan plan(Backbone backbone) {
        Map<String, PeftPlan> plans = new LinkedHashMap<>();
        methods.forEach((place, method) -> plans.put(place, method.plan(backbone)));
        checkNames(plans);
        checkVirtualTokens(plans);
        return PeftPlan.join(List.copyOf(plans.values()));
    }

    private static void checkNames(Map<String, PeftPlan> plans) {
        Map<String, String> owners = new LinkedHashMap<>();
        plans.forEach(
                (place, plan) -> {
                    for (PeftPlan.Attachment attachment : plan.attachments()) {
                        String site = attachment.site().name();
                        attachment
                                .module()
                                .parameters()
                                .forEach(p -> claim(site + "." + p.name(), place, owners));
                    }
                    plan.shared().forEach(tensor -> claim(tensor.spec().name(), place, owners));
                });
    }

    private static void claim(String parameter, String place, Map<String, String> owners) {
        String owner = owners.putIfAbsent(parameter, place);
        if (owner != null && !owner.equals(place)) {
            throw refused(
                    owner
                            + ", and "
                            + place
                            + ", both have a parameter '"
                            + parameter
                            + "'; give them different modules or layers (target_modules,"
                            + " layers_to_transform, exclude_modules)");
        }
    }

    private static void checkVirtualTokens(Map<String, PeftPlan> plans) {
        List<String> places =
                plans.entrySet().stream()
                        .filter(entry -> entry.getValue().virtualTokens().count() > 0)
                        .map(Map.Entry::getKey)
                        .toList();
        if (places.size() > 1) {
            throw refused(
                    String.join(", and ", places)
                            + ", both put virtual tokens before the text; use one of them");
        }
    }

    private static FedFmException refused(String message) {
        return new FedFmException(ErrorCode.SETTINGS_INVALID, message);
    }
}
