package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.setup.PreparedModel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the linear sites that an adapter's modules are, whichever class and naming it is for. */
final class AdaptedSites {
    private final PreparedModel model;

    AdaptedSites(PreparedModel model) {
        this.model = model;
    }

    /**
     * Path of a module to its site.
     *
     * @param source what the adapter is called in errors
     * @throws FedFmException ADAPTER_INVALID if the model has no such module
     */
    Map<String, Site> of(Collection<String> modules, String source) {
        Map<String, Site> known = Map.of();
        for (boolean withHead : new boolean[] {true, false}) {
            for (Naming naming : Naming.values()) {
                known = sites(naming, withHead);
                if (known.keySet().containsAll(modules)) {
                    Map<String, Site> found = new LinkedHashMap<>();
                    for (String module : modules) {
                        found.put(module, known.get(module));
                    }
                    return found;
                }
            }
        }
        Map<String, Site> seen = known;
        String stranger =
                modules.stream().filter(m -> !seen.containsKey(m)).findFirst().orElseThrow();
        throw new FedFmException(
                ErrorCode.ADAPTER_INVALID,
                source
                        + " adapts '"
                        + stranger
                        + "', which is no linear layer of this model; it has such as '"
                        + seen.keySet().stream().findFirst().orElse("none")
                        + "'");
    }

    private Map<String, Site> sites(Naming naming, boolean withHead) {
        ModuleNames names = new ModuleNames(model, naming, withHead);
        Map<String, Site> sites = new LinkedHashMap<>();
        for (Site site : model.backbone().anatomy().backbone().sites(SiteKind.LINEAR)) {
            if (site.block() >= 0 && !site.name().endsWith("]")) {
                names.find(site).ifPresent(name -> sites.put(name, site));
            }
        }
        return sites;
    }
}
