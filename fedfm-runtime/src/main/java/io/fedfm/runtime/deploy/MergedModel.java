package io.fedfm.runtime.deploy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.DeployedModel;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.SourceModel;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.ValueInfo;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.Sessions;
import io.fedfm.runtime.weave.FoldedLayer;
import io.fedfm.runtime.weave.Folding;
import java.util.Arrays;
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
     * @throws FedFmException SETTINGS_INVALID if a module cannot be folded; MODEL_UNSUPPORTED if
     *     the file does not have a place to fold into
     */
    static DeployedModel of(TrainedModel trained) {
        SourceModel source = SourceModel.read(trained.file());
        Graph graph = source.graph();
        Graph read = trained.backbone().graph();
        SourceEdits edits = new SourceEdits(graph, read);
        Sessions sessions = new Sessions(trained.backbone().weights(), ExecutionProviders.cpu(), 1);
        Folding folding =
                new Folding(
                        read, trained.backbone().anatomy(), trained.plan(), trained.parameters());
        takeWeights(graph, read);
        for (String name : trained.promoted()) {
            promote(graph, name, trained.parameter(name));
        }
        for (FoldedLayer layer : folding.layers()) {
            Map<String, Tensor> values = sessions.values(layer.graph());
            edits.setWeight(layer.linear(), values.get(layer.weight()));
            if (!layer.bias().isEmpty()) {
                edits.setBias(layer.linear(), values.get(layer.bias()));
            }
        }
        new Head(trained, edits).append(graph, graph::addInitializer);
        graph.prune();
        Map<String, ValueInfo> outputs =
                DeclaredOutputs.of(graph, source.outputs(), trained.backbone().weights());
        return new DeployedModel(graph, outputs, source.metadata(), source.external());
    }

    /** The backbone's weights are the file's, unless the run drew others. */
    static void takeWeights(Graph source, Graph read) {
        for (Map.Entry<String, Tensor> weight : read.initializers().entrySet()) {
            Tensor own = source.initializers().get(weight.getKey());
            if (own != null
                    && own.type() == weight.getValue().type()
                    && Arrays.equals(own.shape(), weight.getValue().shape())) {
                source.addInitializer(weight.getKey(), weight.getValue());
            }
        }
    }

    private static void promote(Graph source, String name, Tensor value) {
        if (!source.initializers().containsKey(name)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone's file has no weight '"
                            + name
                            + "', which fedfm made while it read it; export with --to onnx");
        }
        source.addInitializer(name, value);
    }
}
