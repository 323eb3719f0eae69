package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import java.util.List;

/** Makes sites of attentions. */
final class AttentionSites {
    private final Walk walk;
    private final Heads heads;
    private final SiteNames names;

    AttentionSites(Walk walk, Reach reach, SiteNames names) {
        this.walk = walk;
        this.heads = new Heads(walk, reach);
        this.names = names;
    }

    /** The sites, one for each block. */
    List<Anatomy.Attention> of(List<Block> blocks) {
        return blocks.stream().map(this::site).toList();
    }

    private Anatomy.Attention site(Block block) {
        Scores scores = block.scores();
        Site site =
                new Site(
                        names.unique("layers." + block.index() + ".attention"),
                        SiteKind.ATTENTION,
                        "attention",
                        block.index(),
                        scores.softmax().modulePath(),
                        walk.width(scores.query()),
                        walk.width(scores.context()),
                        heads.queries(scores),
                        heads.keys(scores));
        return new Anatomy.Attention(
                site,
                scores.softmax().name(),
                scores.scores(),
                scores.context(),
                scores.query(),
                scores.scale(),
                heads.queries(scores),
                heads.keys(scores),
                new Anatomy.Attention.Ranks(
                        walk.rank(scores.query()),
                        walk.rank(scores.scores()),
                        walk.rank(scores.context())),
                new ScoreObstacles(walk).of(scores, heads.queries(scores), heads.keys(scores)));
    }
}
