package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.anatomy.Block.FeedForward;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes sites of linear layers: each its role, a packed one also a site for each of its parts. */
final class LinearSites {
    private final Walk walk;
    private final SiteNames names;

    LinearSites(Walk walk, SiteNames names) {
        this.walk = walk;
        this.names = names;
    }

    /**
     * What a layer is in its block.
     *
     * @param label of the whole layer in a synthetic name
     * @param role of the whole layer
     * @param part "attention" or "ffn"
     * @param ways role to the values on its way, for each part of a packed layer; empty otherwise
     */
    private record Place(
            int block, String part, String label, String role, Map<String, Set<String>> ways) {}

    /** The sites, in the order of the layers. */
    List<Anatomy.Linear> of(List<LinearLayer> layers, List<Block> blocks) {
        Map<LinearLayer, Place> places = new LinkedHashMap<>();
        blocks.forEach(block -> placeAttention(block, places));
        blocks.forEach(block -> placeFeedForward(block, places));
        List<Anatomy.Linear> sites = new ArrayList<>();
        int others = 0;
        for (LinearLayer layer : layers) {
            Place place = places.get(layer);
            if (place == null) {
                String name = names.linear(layer, "other", "other." + others++);
                sites.add(site(layer, name, "other", -1, 0, layer.outputs()));
                continue;
            }
            String synthetic = "layers." + place.block() + "." + place.part() + "." + place.label();
            String name = names.linear(layer, place.label(), synthetic);
            sites.add(site(layer, name, place.role(), place.block(), 0, layer.outputs()));
            sites.addAll(parts(layer, name, place));
        }
        return sites;
    }

    private static void placeAttention(Block block, Map<LinearLayer, Place> places) {
        Projections p = block.projections();
        Map<String, LinearLayer> layers = new LinkedHashMap<>();
        layers.put("q", p.q());
        layers.put("k", p.k());
        layers.put("v", p.v());
        layers.put("o", p.o());
        place(block.index(), "attention", layers, p.ways(), places);
    }

    private static void placeFeedForward(Block block, Map<LinearLayer, Place> places) {
        FeedForward network = block.feedForward();
        if (network == null) {
            return;
        }
        Map<String, LinearLayer> layers = new LinkedHashMap<>();
        layers.put("gate", network.gate());
        layers.put("up", network.up());
        layers.put("down", network.down());
        place(block.index(), "ffn", layers, network.ways(), places);
    }

    /** A layer of several roles is packed: its label is all of them, "qkv" or "gate_up". */
    private static void place(
            int block,
            String part,
            Map<String, LinearLayer> layers,
            Map<String, Set<String>> ways,
            Map<LinearLayer, Place> places) {
        Map<LinearLayer, List<String>> roles = new LinkedHashMap<>();
        layers.forEach(
                (role, layer) -> {
                    if (layer != null) {
                        roles.computeIfAbsent(layer, l -> new ArrayList<>()).add(role);
                    }
                });
        roles.forEach(
                (layer, own) -> {
                    String label = String.join(part.equals("ffn") ? "_" : "", own);
                    boolean one = own.size() == 1;
                    String role = one || label.equals("qkv") ? label : "other";
                    Map<String, Set<String>> packed = new LinkedHashMap<>();
                    own.stream().filter(r -> !one).forEach(r -> packed.put(r, ways.get(r)));
                    places.putIfAbsent(layer, new Place(block, part, label, role, packed));
                });
    }

    /** One site for each role whose way goes through exactly one part. */
    private List<Anatomy.Linear> parts(LinearLayer layer, String name, Place place) {
        List<Anatomy.Linear> sites = new ArrayList<>();
        if (place.ways().isEmpty()) {
            return sites;
        }
        for (PackedColumns.Part part : new PackedColumns(walk).of(layer)) {
            List<String> roles =
                    place.ways().entrySet().stream()
                            .filter(way -> way.getValue().contains(part.value()))
                            .map(Map.Entry::getKey)
                            .toList();
            if (roles.size() == 1) {
                String role = roles.get(0);
                String partName = names.unique(name + "[" + role + "]");
                sites.add(site(layer, partName, role, place.block(), part.from(), part.to()));
            }
        }
        return sites;
    }

    private Anatomy.Linear site(
            LinearLayer layer, String name, String role, int block, long from, long to) {
        String path = names.path(layer);
        Site site = new Site(name, SiteKind.LINEAR, role, block, path, layer.inputs(), to - from);
        return new Anatomy.Linear(
                site,
                layer.product().name(),
                layer.input(),
                layer.output(),
                layer.weight(),
                layer.transposed(),
                layer.bias(),
                from,
                to);
    }
}
