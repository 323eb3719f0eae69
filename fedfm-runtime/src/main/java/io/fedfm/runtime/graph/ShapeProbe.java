package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Learns the shapes of all values of a graph by running it on tiny inputs. */
public final class ShapeProbe {
    /** Inputs that the caller knows better: labels, or parameters that are inputs. */
    @FunctionalInterface
    public interface Feeds {
        /** The inputs given for a probe of this batch size and length; may be empty. */
        Map<String, Tensor> at(int batch, int length);
    }

    private static final int[] BATCHES = {2, 3, 5};
    private static final int[] LENGTHS = {5, 7, 4};

    private final Graph graph;
    private final Map<String, List<long[]>> shapes = new HashMap<>();
    private final Map<String, ElementType> types = new HashMap<>();

    private ShapeProbe(Graph graph) {
        this.graph = graph;
    }

    /**
     * Runs the graph at three pairs of batch size and length, unless it declares numbers for them.
     *
     * @param graph whose inputs are a batch, what {@code feeds} gives, and tensors of declared
     *     numbers
     * @return the shapes of inputs, constants and the outputs of all nodes
     * @throws FedFmException MODEL_UNSUPPORTED if it does not run at one of the sizes
     */
    public static Shapes observe(Graph graph, Feeds feeds) {
        return new ShapeProbe(graph)
                .run(feeds, OnnxWriter.write(exposed(graph)), "", ExampleInputs.maxLength(graph));
    }

    /** The same, with frozen weights in a file. */
    public static Shapes observe(Graph graph, WeightFile weights, Feeds feeds) {
        return observe(graph, weights, ExampleInputs.maxLength(graph), feeds);
    }

    /** The same, of a graph that takes inputs of {@code longest} tokens at most. */
    public static Shapes observe(Graph graph, WeightFile weights, int longest, Feeds feeds) {
        byte[] model = OnnxWriter.write(exposed(graph), weights);
        return new ShapeProbe(graph).run(feeds, model, weights.folder().toString(), longest);
    }

    private static Graph exposed(Graph graph) {
        Graph exposed = graph.copy();
        exposed.clearOutputs();
        for (Node node : graph.nodes()) {
            // All dequantised weights at once would be the whole model in floats.
            if (!QuantisedWeights.isMadeBy(node, graph)) {
                node.outputs().stream().filter(o -> !o.isEmpty()).forEach(exposed::addOutput);
            }
        }
        return exposed;
    }

    private Shapes run(Feeds feeds, byte[] model, String weightFolder, int longest) {
        graph.initializers().forEach((name, t) -> constant(name, t.type(), t.shape()));
        QuantisedWeights.of(graph)
                .forEach(
                        (name, node) -> {
                            Tensor integers = graph.initializers().get(node.input(0));
                            constant(name, ElementType.FLOAT, integers.shape());
                        });
        OrtEnvironment environment = OrtRuntime.environment();
        try (SessionOptions options = options(weightFolder);
                OrtSession session = environment.createSession(model, options)) {
            for (int probe = 0; probe < BATCHES.length; probe++) {
                int batch = ExampleInputs.batch(graph, BATCHES[probe]);
                int length = ExampleInputs.length(graph, length(probe, longest));
                probe(session, batch, length, feeds);
            }
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "ONNX Runtime does not accept the model: " + firstLine(e),
                    e);
        }
        return new Shapes(shapes, types);
    }

    private void constant(String name, ElementType type, long[] shape) {
        types.put(name, type);
        for (int probe = 0; probe < BATCHES.length; probe++) {
            add(name, shape);
        }
    }

    private static SessionOptions options(String weightFolder) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setOptimizationLevel(OptLevel.NO_OPT);
        options.setIntraOpNumThreads(1);
        options.setCPUArenaAllocator(false);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        options.addConfigEntry("session.disable_prepacking", "1");
        if (!weightFolder.isEmpty()) {
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path", weightFolder);
        }
        return options;
    }

    /** Lengths that differ and are above 1 where the graph has positions enough. */
    private static int length(int probe, int longest) {
        return longest >= LENGTHS[1] ? LENGTHS[probe] : Math.max(1, longest - (probe == 1 ? 1 : 0));
    }

    private void probe(OrtSession session, int batch, int length, Feeds feeds) {
        Map<String, Tensor> inputs =
                ExampleInputs.make(
                        graph, batch, length, new Random(1), false, feeds.at(batch, length));
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                Tensor tensor = input.getValue();
                add(input.getKey(), tensor.shape());
                types.put(input.getKey(), tensor.type());
                tensors.put(input.getKey(), OrtRuntime.copyOf(tensor));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                for (Map.Entry<String, OnnxValue> value : result) {
                    observe(value.getKey(), (TensorInfo) value.getValue().getInfo());
                }
            }
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the model does not run at batch size "
                            + batch
                            + " and length "
                            + length
                            + "; export it with dynamic axes for both: "
                            + firstLine(e),
                    e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** ONNX Runtime takes heap memory as bytes only where the elements are bytes. */
    private void observe(String name, TensorInfo info) {
        ElementType type = OrtTypes.of(info.type, "value '" + name + "'");
        types.put(name, type);
        List<long[]> before = shapes.get(name);
        if (before != null && before.get(0).length != info.getShape().length) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "value '" + name + "' has a number of axes that depends on the batch");
        }
        add(name, info.getShape());
    }

    private void add(String name, long[] shape) {
        shapes.computeIfAbsent(name, k -> new ArrayList<>()).add(shape);
    }

    private static String firstLine(OrtException e) {
        return e.getMessage().lines().findFirst().orElse("no reason given");
    }
}
