package io.fedfm.runtime.anatomy;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Shapes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the sites of a backbone.
 *
 * <p>Everything is found from the attentions: their projections, the residual sums after them, the
 * feed-forward networks and the norms between. What the structure does not tell stays {@code
 * other}; a graph without attention has only such linear layers.
 */
public final class Anatomist {
    private Anatomist() {}

    /** Studies a graph, given the shapes of its values. */
    public static Anatomy study(Graph graph, Shapes shapes) {
        Walk walk = new Walk(graph, shapes);
        List<LinearLayer> layers = new LinearFinder(walk).find();
        List<Norm> norms = new NormFinder(walk).find();
        Reach reach = new Reach(walk, layers);
        List<Scores> attentions = new AttentionFinder(walk).find();
        ProjectionFinder finder = new ProjectionFinder(walk, reach, layers);
        List<Projections> projections = attentions.stream().map(finder::of).toList();
        List<Block> blocks = new BlockFinder(walk, reach).find(attentions, projections);

        SiteNames names = new SiteNames(walk, layers);
        List<Anatomy.Linear> linears = new LinearSites(walk, names).of(layers, blocks);
        List<Anatomy.Hidden> hiddens = new HiddenSites(walk, norms, names).of(blocks);
        List<Anatomy.Attention> scores = new AttentionSites(walk, reach, names).of(blocks);
        List<Anatomy.Embedding> embeddings = new EmbeddingSites(walk, names).find();
        long width = embeddings.isEmpty() ? 0 : embeddings.get(0).site().outputs();
        Anatomy.Positions positions = new PositionFinder(walk).find(!embeddings.isEmpty());
        long hidden = hiddens.isEmpty() ? width : hiddens.get(0).site().outputs();
        SideWeights aside = new SideWeights(walk, hidden);
        Backbone backbone =
                new Backbone(
                        inOrder(walk, linears, hiddens, scores, embeddings),
                        new WeightRoles(walk, layers, norms).find(width, aside));
        return new Anatomy(linears, hiddens, scores, embeddings, positions, backbone);
    }

    private record Placed(int position, Site site) {}

    private static List<Site> inOrder(
            Walk walk,
            List<Anatomy.Linear> linears,
            List<Anatomy.Hidden> hiddens,
            List<Anatomy.Attention> attentions,
            List<Anatomy.Embedding> embeddings) {
        List<Placed> placed = new ArrayList<>();
        embeddings.forEach(e -> placed.add(new Placed(walk.position(e.value()), e.site())));
        linears.forEach(l -> placed.add(new Placed(walk.position(l.output()), l.site())));
        attentions.forEach(a -> placed.add(new Placed(walk.position(a.context()), a.site())));
        hiddens.forEach(h -> placed.add(new Placed(walk.position(h.value()), h.site())));
        placed.sort(Comparator.comparingInt(Placed::position));
        return placed.stream().map(Placed::site).toList();
    }
}
