package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.List;

/** Makes sites of attentions. */
final class AttentionSites {
    private final Walk walk;
    private final SiteNames names;

    AttentionSites(Walk walk, SiteNames names) {
        this.walk = walk;
        this.names = names;
    }

    /** The sites, one for each block; {@code linears} tell the widths of queries and keys. */
    List<Anatomy.Attention> of(List<Block> blocks, List<Anatomy.Linear> linears) {
        return blocks.stream().map(block -> site(block, linears)).toList();
    }

    private Anatomy.Attention site(Block block, List<Anatomy.Linear> linears) {
        Scores scores = block.scores();
        long heads = scores.anchor().attributes().integer("q_num_heads", heads(scores));
        long size = headSize(scores.query(), heads);
        long keys = width(block, "k", linears);
        long keyValueHeads = size > 0 ? keys / size : 0;
        Site site =
                new Site(
                        names.unique("layers." + block.index() + ".attention"),
                        SiteKind.ATTENTION,
                        "attention",
                        block.index(),
                        scores.anchor().modulePath(),
                        size,
                        headSize(scores.context(), heads),
                        heads,
                        keyValueHeads);
        return new Anatomy.Attention(
                site,
                scores.anchor().name(),
                scores.scores(),
                scores.context(),
                scores.query(),
                scores.scale(),
                heads,
                keyValueHeads);
    }

    /** Queries are [batch, heads, length, size]. */
    private long heads(Scores scores) {
        return walk.rank(scores.query()) == 4 ? Math.max(0, walk.dimensions(scores.query())[1]) : 0;
    }

    /** The size of a head: the last axis, shared by all heads where they have no axis. */
    private long headSize(String value, long heads) {
        return walk.rank(value) == 4 || heads == 0 ? walk.width(value) : walk.width(value) / heads;
    }

    private static long width(Block block, String role, List<Anatomy.Linear> linears) {
        return linears.stream()
                .map(Anatomy.Linear::site)
                .filter(site -> site.block() == block.index() && site.role().equals(role))
                .mapToLong(Site::outputs)
                .findFirst()
                .orElse(0);
    }
}
