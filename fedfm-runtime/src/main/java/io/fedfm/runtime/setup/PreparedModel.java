package io.fedfm.runtime.setup;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.config.ModelConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.InputNames;
import io.fedfm.runtime.data.ModelInputs;
import io.fedfm.runtime.data.PixelInput;
import io.fedfm.runtime.data.TextTokenizer;
import io.fedfm.runtime.data.image.ImageSize;
import io.fedfm.runtime.data.image.Normalisation;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.CacheFolder;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.PixelSize;
import io.fedfm.runtime.graph.RandomWeights;
import io.fedfm.runtime.program.FrozenBackbone;
import java.nio.file.Path;
import java.util.Map;

/** The backbone that settings name, opened and understood. */
public final class PreparedModel implements AutoCloseable {
    private final ModelFolder folder;
    private final ModelInputs inputs;
    private final FrozenBackbone backbone;

    private PreparedModel(ModelFolder folder, ModelInputs inputs, FrozenBackbone backbone) {
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
        ModelInputs inputs = inputs(read);
        Graph graph =
                settings.weights().equals("random")
                        ? RandomWeights.draw(read, Seeds.of(seed).value("random-weights"))
                        : read;
        return new PreparedModel(folder, inputs, FrozenBackbone.of(graph, CacheFolder.standard()));
    }

    /** What the model is called: by its own config.json, or else the folder it is in. */
    public String name() {
        return folder.config()
                .map(json -> json.path("_name_or_path").asText(""))
                .filter(name -> !name.isEmpty())
                .orElse(directory().toString());
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

    /** What it reads. */
    public ModelInputs inputs() {
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

    private static ModelInputs inputs(Graph graph) {
        Map<String, InputRole> roles = InputRole.of(graph);
        if (roles.containsValue(InputRole.TOKENS)) {
            return new InputNames(
                    name(roles, InputRole.TOKENS),
                    name(roles, InputRole.MASK),
                    name(roles, InputRole.TYPES),
                    name(roles, InputRole.POSITIONS));
        }
        if (roles.size() == 1 && roles.containsValue(InputRole.PIXELS)) {
            return pixels(graph, name(roles, InputRole.PIXELS));
        }
        throw new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                "the backbone takes neither token ids nor images alone (its inputs are "
                        + roles.keySet()
                        + "); runs are on texts or images");
    }

    private static PixelInput pixels(Graph graph, String name) {
        long[] size = PixelSize.of(graph, graph.inputs().get(name));
        if (size[0] != Normalisation.CHANNELS) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone takes images of "
                            + size[0]
                            + " channels; those of red, green and blue are supported");
        }
        return new PixelInput(
                name, new ImageSize(Math.toIntExact(size[1]), Math.toIntExact(size[2])));
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
