package io.fedfm.runtime.deploy;

import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.DeployedModel;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.TiedWeights;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.Sessions;
import io.fedfm.runtime.weave.FoldedLayer;
import io.fedfm.runtime.weave.Folding;
import java.util.List;
import java.util.Map;

/**
 * {@code merged-onnx}: the nodes of the backbone's own file, with what was trained folded into
 * their constants, and the head behind them. As large and as fast as the backbone.
 */
final class MergedModel {
    private MergedModel() {}

    /**
     * Folds a trained model.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if a module cannot be folded, or the file has no
     *     place to fold it into
     */
    static DeployedModel of(TrainedModel trained) {
        Graph read = trained.backbone().graph();
        Folding folding =
                new Folding(
                        read, trained.backbone().anatomy(), trained.plan(), trained.parameters());
        List<FoldedLayer> layers = folding.layers();
        SourceModel source = SourceModel.read(trained.file());
        Graph graph = source.graph();
        Sessions sessions = new Sessions(trained.backbone().weights(), ExecutionProviders.cpu(), 1);
        SourceEdits edits = new SourceEdits(graph, read);
        Promotions promotions = new Promotions(read, edits, sessions);
        promotions.takeWeights();
        for (String name : trained.promoted()) {
            promotions.set(name, trained.parameter(name));
        }
        TiedWeights.of(read)
                .forEach(
                        (matrix, table) -> {
                            Tensor trainedTable = trained.parameters().get(table);
                            if (trainedTable != null && !trained.promoted().contains(matrix)) {
                                promotions.set(matrix, Matrices.transpose(trainedTable));
                            }
                        });
        for (FoldedLayer layer : layers) {
            Map<String, Tensor> values = sessions.values(layer.graph());
            edits.setWeight(layer.linear(), values.get(layer.weight()));
            if (!layer.bias().isEmpty()) {
                edits.setBias(layer.linear(), values.get(layer.bias()));
            }
        }
        String logits = new Head(trained, edits).append(graph, graph::addInitializer);
        graph.prune();
        return new DeployedModel(
                graph,
                DeclaredOutputs.of(source, trained, logits),
                edits.moved(source.metadata()),
                source.external());
    }
}
