package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.OrtRuntime;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.graph.WeightFile;
import io.fedfm.runtime.weave.StartingValues;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Opens ORT sessions that map the frozen weights of one file. */
public final class Sessions {
    /** Frozen weights above this are not prepacked: see docs/decisions/0002. */
    private static final long PREPACK_BELOW_BYTES = 64L << 20;

    private final OrtEnvironment environment = OrtRuntime.environment();
    private final WeightFile weights;
    private final ExecutionProviders providers;
    private final int threads;

    /**
     * Sessions over the same weights.
     *
     * @param weights the frozen weights
     * @param providers where they run
     * @param threads intra-op threads of a session
     */
    public Sessions(WeightFile weights, ExecutionProviders providers, int threads) {
        this.weights = weights;
        this.providers = providers;
        this.threads = threads;
    }

    /** A session for large graphs that is run over and over: with an arena. */
    OrtSession open(Graph graph) {
        return open(graph, true);
    }

    /** A session for one of many segments: without an arena, which would hold memory for each. */
    OrtSession openSegment(Graph graph) {
        return open(graph, false);
    }

    /** The values that parameters start from, by name. */
    Map<String, Tensor> run(StartingValues starting) {
        Map<String, Tensor> outputs = values(starting.graph());
        Map<String, Tensor> values = new HashMap<>();
        starting.values().forEach((name, output) -> values.put(name, outputs.get(output)));
        return values;
    }

    /**
     * The outputs of a graph without inputs.
     *
     * @throws FedFmException PLUGIN_FAILED if ONNX Runtime does not compute them: modules wrote it
     */
    public Map<String, Tensor> values(Graph constants) {
        Map<String, Tensor> values = new HashMap<>();
        if (constants.outputs().isEmpty()) {
            return values;
        }
        OrtTensors tensors = new OrtTensors(environment);
        try (OrtSession session = open(constants, false);
                OrtSession.Result made = session.run(Map.of())) {
            for (String output : constants.outputs()) {
                OnnxTensor value = (OnnxTensor) made.get(output).orElseThrow();
                values.put(output, tensors.toTensor(value));
            }
            return values;
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.PLUGIN_FAILED,
                    "ONNX Runtime does not compute what the PEFT method makes of frozen weights: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Opens a graph for one run; all its outputs. */
    public Map<String, Tensor> run(Graph graph, Map<String, Tensor> feeds) {
        OrtTensors tensors = new OrtTensors(environment);
        try (OrtSession session = open(graph, true);
                Run run = new Run(session, tensors).feed(feeds)) {
            return run.outputs(
                    Set.copyOf(graph.outputs()),
                    outputs -> {
                        Map<String, Tensor> values = new HashMap<>();
                        outputs.forEach((name, o) -> values.put(name, tensors.toTensor(o)));
                        return values;
                    });
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL, "a session does not close: " + e.getMessage(), e);
        }
    }

    OrtEnvironment environment() {
        return environment;
    }

    private OrtSession open(Graph graph, boolean arena) {
        byte[] model = OnnxWriter.write(graph, weights);
        try (SessionOptions options = new SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            // Pinned, so that results do not change with a default of ORT's.
            options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
            options.setCPUArenaAllocator(arena);
            // Patterns are kept for each shape of batch ever seen.
            options.setMemoryPatternOptimization(false);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry(
                    "session.disable_prepacking",
                    weights.bytes() > PREPACK_BELOW_BYTES ? "1" : "0");
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    weights.folder().toString());
            providers.addTo(options);
            return environment.createSession(model, options);
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.INTERNAL,
                    "ONNX Runtime does not take the compiled graph: " + e.getMessage(),
                    e);
        }
    }
}
