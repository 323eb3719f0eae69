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
        if (p.packed()) {
            place(places, p.q(), new Place(block.index(), "attention", "qkv", "qkv", p.ways()));
        } else if (p.k() != null && p.k().equals(p.v())) {
            Map<String, Set<String>> ways = Map.of("k", p.ways().get("k"), "v", p.ways().get("v"));
            place(places, p.k(), new Place(block.index(), "attention", "kv", "other", ways));
        }
        place(places, p.q(), new Place(block.index(), "attention", "q", "q", Map.of()));
        place(places, p.k(), new Place(block.index(), "attention", "k", "k", Map.of()));
        place(places, p.v(), new Place(block.index(), "attention", "v", "v", Map.of()));
        place(places, p.o(), new Place(block.index(), "attention", "o", "o", Map.of()));
    }

    private static void placeFeedForward(Block block, Map<LinearLayer, Place> places) {
        FeedForward network = block.feedForward();
        if (network == null) {
            return;
        }
        if (network.packed()) {
            Place packed = new Place(block.index(), "ffn", "gate_up", "other", network.ways());
            place(places, network.up(), packed);
        }
        place(places, network.up(), new Place(block.index(), "ffn", "up", "up", Map.of()));
        place(places, network.gate(), new Place(block.index(), "ffn", "gate", "gate", Map.of()));
        place(places, network.down(), new Place(block.index(), "ffn", "down", "down", Map.of()));
    }

    private static void place(Map<LinearLayer, Place> places, LinearLayer layer, Place place) {
        if (layer != null) {
            places.putIfAbsent(layer, place);
        }
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
