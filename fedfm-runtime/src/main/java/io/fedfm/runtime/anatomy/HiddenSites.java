package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes sites of the hidden states of blocks. */
final class HiddenSites {
    private final Walk walk;
    private final HiddenFinder finder;
    private final SiteNames names;
    private final Map<String, Norm> norms = new HashMap<>();

    HiddenSites(Walk walk, List<Norm> norms, SiteNames names) {
        this.walk = walk;
        this.finder = new HiddenFinder(walk, norms);
        this.names = names;
        norms.forEach(norm -> this.norms.put(norm.output(), norm));
    }

    /** The sites, block by block in the order of the data flow. */
    List<Anatomy.Hidden> of(List<Block> blocks) {
        List<Anatomy.Hidden> sites = new ArrayList<>();
        for (Block block : blocks) {
            finder.of(block).forEach((role, value) -> sites.add(site(block, role, value)));
        }
        sites.sort((a, b) -> Integer.compare(walk.position(a.value()), walk.position(b.value())));
        return sites;
    }

    private Anatomy.Hidden site(Block block, String role, String value) {
        String name = names.unique("layers." + block.index() + "." + role);
        Norm norm = norms.get(value);
        String path =
                norm == null
                        ? walk.producer(value).modulePath()
                        : names.path(norm.last(), norm.bias(), norm.weight());
        long width = walk.width(value);
        return new Anatomy.Hidden(
                new Site(name, SiteKind.HIDDEN, role, block.index(), path, width, width),
                value,
                walk.rank(value));
    }
}
