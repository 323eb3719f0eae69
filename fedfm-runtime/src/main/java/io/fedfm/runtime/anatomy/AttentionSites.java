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
        long packed = scores.anchor().attributes().integer("q_num_heads", 0);
        long size = walk.width(scores.query()) / Math.max(1, packed);
        long heads = packed > 0 ? packed : heads(scores, width(block, "q", linears), size);
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
                        walk.width(scores.context()) / Math.max(1, packed),
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
                keyValueHeads,
                new Anatomy.Attention.Ranks(
                        walk.rank(scores.query()),
                        walk.rank(scores.scores()),
                        walk.rank(scores.context())),
                new ScoreObstacles(walk).of(scores, heads, keyValueHeads));
    }

    /**
     * Queries are [batch, heads, length, size], or [batch heads, length, size] with all heads of a
     * row together.
     */
    private long heads(Scores scores, long queries, long size) {
        int rank = walk.rank(scores.query());
        if (rank == 4) {
            return Math.max(0, walk.dimensions(scores.query())[1]);
        }
        return rank == 3 && size > 0 && queries % size == 0 ? queries / size : 0;
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
