package io.fedfm.runtime.weave;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where in the graph the modules of a plan go. */
final class Places {
    private final List<Place> all = new ArrayList<>();
    private final Map<String, List<Place>> onInput = new HashMap<>();
    private final Map<String, List<Place>> onOutput = new HashMap<>();

    Places(Anatomy anatomy, PeftPlan plan) {
        Map<Site, Anatomy.Linear> linears = new HashMap<>();
        anatomy.linears().forEach(l -> linears.put(l.site(), l));
        Map<Site, Anatomy.Attention> attentions = new HashMap<>();
        anatomy.attentions().forEach(a -> attentions.put(a.site(), a));
        Map<Site, String> values = new HashMap<>();
        anatomy.linears().forEach(l -> values.put(l.site(), l.output()));
        anatomy.hiddens().forEach(h -> values.put(h.site(), h.value()));
        anatomy.embeddings().forEach(e -> values.put(e.site(), e.value()));
        anatomy.attentions().forEach(a -> values.put(a.site(), a.context()));
        Set<Site> flat =
                anatomy.hiddens().stream()
                        .filter(hidden -> hidden.rank() == 2)
                        .map(Anatomy.Hidden::site)
                        .collect(Collectors.toSet());
        Map<Site, String> tables = new HashMap<>();
        anatomy.embeddings().forEach(e -> tables.put(e.site(), e.table()));
        Set<String> shared =
                plan.shared().stream().map(t -> t.spec().name()).collect(Collectors.toSet());
        int index = 0;
        for (PeftPlan.Attachment attachment : plan.attachments()) {
            Site site = attachment.site();
            String value = values.get(site);
            if (value == null) {
                throw new FedFmException(
                        ErrorCode.PLUGIN_FAILED,
                        "the PEFT method's plan does not fit: "
                                + "modules cannot be attached to the "
                                + site.kind()
                                + " site '"
                                + site.name()
                                + "'");
            }
            Place place =
                    new Place(
                            index++,
                            site,
                            attachment.module(),
                            value,
                            linears.get(site),
                            attentions.get(site),
                            tables.get(site),
                            flat.contains(site),
                            shared);
            requireOpen(place);
            all.add(place);
            onOutput.computeIfAbsent(value, k -> new ArrayList<>()).add(place);
            if (attachment.module().changesInput() && place.linear() != null) {
                onInput.computeIfAbsent(place.linear().product(), k -> new ArrayList<>())
                        .add(place);
            }
        }
    }

    private static void requireOpen(Place place) {
        Anatomy.Attention attention = place.attention();
        if (attention != null && !attention.obstacle().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.TARGETS_UNMATCHED,
                    "no keys and values can be added to the attention '"
                            + place.site().name()
                            + "': "
                            + attention.obstacle()
                            + "; choose another PEFT method for this backbone");
        }
    }

    /** All modules in the order of the plan. */
    List<Place> all() {
        return List.copyOf(all);
    }

    /** Modules that change the input of the node of this name. */
    List<Place> before(String node) {
        return onInput.getOrDefault(node, List.of());
    }

    /** Modules at this value. */
    List<Place> at(String value) {
        return onOutput.getOrDefault(value, List.of());
    }
}
