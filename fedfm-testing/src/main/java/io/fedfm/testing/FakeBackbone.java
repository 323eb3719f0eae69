package io.fedfm.testing;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.ArrayList;
import java.util.List;

/** A backbone on paper: two transformer blocks with a site of every role, and their weights. */
public final class FakeBackbone {
    /** The width of the hidden state. */
    public static final long HIDDEN = 8;

    /** The width inside the feed-forward part. */
    public static final long FEED_FORWARD = 16;

    /** The number of word embeddings. */
    public static final long VOCABULARY = 20;

    /** The number of heads of an attention. */
    public static final long HEADS = 2;

    private static final int BLOCKS = 2;

    private FakeBackbone() {}

    /** The backbone with all sites. */
    public static Backbone create() {
        List<Site> sites = new ArrayList<>();
        List<WeightInfo> weights = new ArrayList<>();
        sites.add(site("embedding", SiteKind.EMBEDDING, "embedding", -1, "", VOCABULARY, HIDDEN));
        for (int block = 0; block < BLOCKS; block++) {
            addAttention(sites, block);
            addFeedForward(sites, block);
            addNorm(weights, block, "attention_norm");
            addNorm(weights, block, "ffn_norm");
        }
        sites.stream()
                .filter(site -> site.kind() == SiteKind.LINEAR)
                .forEach(site -> addLinear(weights, site));
        return new Backbone(sites, weights);
    }

    /** The backbone without its sites of one kind. */
    public static Backbone without(SiteKind kind) {
        Backbone whole = create();
        return new Backbone(
                whole.sites().stream().filter(site -> site.kind() != kind).toList(),
                whole.weights());
    }

    private static void addAttention(List<Site> sites, int block) {
        sites.add(linear(block, "q", "attention.query", HIDDEN, HIDDEN));
        sites.add(linear(block, "k", "attention.key", HIDDEN, HIDDEN));
        sites.add(linear(block, "v", "attention.value", HIDDEN, HIDDEN));
        sites.add(
                new Site(
                        "blocks." + block + ".attention",
                        SiteKind.ATTENTION,
                        "attention",
                        block,
                        "blocks." + block + ".attention",
                        HIDDEN / HEADS,
                        HIDDEN / HEADS,
                        HEADS,
                        HEADS));
        sites.add(linear(block, "o", "attention.output", HIDDEN, HIDDEN));
        sites.add(hidden(block, "attention_output"));
        sites.add(hidden(block, "attention_sum"));
        sites.add(hidden(block, "attention_norm"));
    }

    private static void addFeedForward(List<Site> sites, int block) {
        sites.add(linear(block, "gate", "ffn.gate", HIDDEN, FEED_FORWARD));
        sites.add(linear(block, "up", "ffn.up", HIDDEN, FEED_FORWARD));
        sites.add(linear(block, "down", "ffn.down", FEED_FORWARD, HIDDEN));
        sites.add(hidden(block, "ffn_output"));
        sites.add(hidden(block, "ffn_sum"));
        sites.add(hidden(block, "ffn_norm"));
    }

    private static Site linear(int block, String role, String path, long inputs, long outputs) {
        String modulePath = "blocks." + block + "." + path;
        return site(modulePath, SiteKind.LINEAR, role, block, modulePath, inputs, outputs);
    }

    private static Site hidden(int block, String role) {
        String name = "blocks." + block + "." + role;
        return site(name, SiteKind.HIDDEN, role, block, "", HIDDEN, HIDDEN);
    }

    private static Site site(
            String name,
            SiteKind kind,
            String role,
            int block,
            String path,
            long inputs,
            long outputs) {
        return new Site(name, kind, role, block, path, inputs, outputs);
    }

    private static void addLinear(List<WeightInfo> weights, Site site) {
        String weight = site.name() + ".weight";
        String bias = site.name() + ".bias";
        List<Long> matrix = List.of(site.inputs(), site.outputs());
        weights.add(new WeightInfo(weight, matrix, "weight", weight, true));
        weights.add(new WeightInfo(bias, List.of(site.outputs()), "bias", bias, false));
    }

    private static void addNorm(List<WeightInfo> weights, int block, String name) {
        String path = "blocks." + block + "." + name;
        for (String part : List.of("weight", "bias")) {
            String own = path + "." + part;
            weights.add(new WeightInfo(own, List.of(HIDDEN), "norm_" + part, own, false));
        }
    }
}
