package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.graph.Node;
import java.util.List;

/** Makes the site of the word embeddings. */
final class EmbeddingSites {
    private final Walk walk;
    private final SiteNames names;

    EmbeddingSites(Walk walk, SiteNames names) {
        this.walk = walk;
        this.names = names;
    }

    /** The site; none for a graph without token ids. */
    List<Anatomy.Embedding> find() {
        EmbeddingFinder finder = new EmbeddingFinder(walk);
        return finder.find().map(node -> site(node, finder.ids(node))).stream().toList();
    }

    private Anatomy.Embedding site(Node lookUp, String ids) {
        String path = names.path(lookUp, "", lookUp.input(0));
        long[] table = walk.dimensions(lookUp.input(0));
        Site site =
                new Site(
                        names.unique(path.isEmpty() ? "embeddings" : path),
                        SiteKind.EMBEDDING,
                        "embedding",
                        -1,
                        path,
                        table[0],
                        table[1]);
        return new Anatomy.Embedding(site, lookUp.name(), lookUp.output(), ids, lookUp.input(0));
    }
}
