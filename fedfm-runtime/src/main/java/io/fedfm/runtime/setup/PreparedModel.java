package io.fedfm.runtime.setup;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.config.ModelConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.InputNames;
import io.fedfm.runtime.data.TextTokenizer;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.CacheFolder;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.RandomWeights;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Path;
import java.util.Map;

/** The backbone that settings name, opened and understood. */
public final class PreparedModel implements AutoCloseable {
    private final ModelFolder folder;
    private final InputNames inputs;
    private final FrozenBackbone backbone;

    private PreparedModel(ModelFolder folder, InputNames inputs, FrozenBackbone backbone) {
        this.folder = folder;
        this.inputs = inputs;
        this.backbone = backbone;
    }

    /**
     * Opens a model; its weights are redrawn if the settings say so.
     *
     * @param settings name it
     * @param seed of the run, for random weights
     * @param generated makes models that are generated
     * @throws FedFmException with one of the MODEL codes, or FILE_UNREADABLE
     */
    public static PreparedModel open(ModelConfig settings, long seed, GeneratedModels generated) {
        ModelFolder folder = ModelFolder.open(generated.prepare(settings.path()));
        Graph read = folder.read();
        InputNames inputs = inputs(read);
        Graph graph =
                settings.weights().equals("random")
                        ? RandomWeights.draw(read, Seeds.of(seed).value("random-weights"))
                        : read;
        return new PreparedModel(folder, inputs, FrozenBackbone.of(graph, CacheFolder.standard()));
    }

    /** What a method does in this backbone. */
    public PeftPlan plan(PeftMethod method) {
        return method.plan(backbone.anatomy().backbone().with(TextTokenizer.tokens(directory())));
    }

    /** The model's files. */
    public ModelFolder folder() {
        return folder;
    }

    /** The folder that the model's files are in. */
    public Path directory() {
        return folder.directory();
    }

    /** What it calls its inputs. */
    public InputNames inputs() {
        return inputs;
    }

    /** The backbone; closed with this. */
    public FrozenBackbone backbone() {
        return backbone;
    }

    /** Its file and hash, for the record. */
    public RunEnvironment.Backbone identity() {
        return new RunEnvironment.Backbone(folder.onnx().toString(), folder.sha256());
    }

    private static InputNames inputs(Graph graph) {
        Map<String, InputRole> roles = InputRole.of(graph);
        if (!roles.containsValue(InputRole.TOKENS)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone takes no token ids (its inputs are "
                            + roles.keySet()
                            + "); runs are on texts");
        }
        return new InputNames(
                name(roles, InputRole.TOKENS),
                name(roles, InputRole.MASK),
                name(roles, InputRole.TYPES),
                name(roles, InputRole.POSITIONS));
    }

    private static String name(Map<String, InputRole> roles, InputRole role) {
        return roles.entrySet().stream()
                .filter(input -> input.getValue() == role)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        backbone.close();
    }
}
