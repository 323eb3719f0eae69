package io.fedfm.runtime.autodiff;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxWriter;
import io.fedfm.runtime.graph.Shapes;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs graphs in ONNX Runtime. */
final class GraphRunner implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    private final OrtSession session;

    GraphRunner(Graph graph) {
        try {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(OnnxWriter.write(graph), options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The outputs of one run. */
    static Map<String, Tensor> run(Graph graph, Map<String, Tensor> feeds) {
        try (GraphRunner runner = new GraphRunner(graph)) {
            return runner.run(feeds);
        }
    }

    /** The shapes of all values, from runs that expose them. */
    static Shapes shapes(Graph graph, List<Map<String, Tensor>> probes) {
        Graph exposed = graph.copy();
        exposed.clearOutputs();
        exposed.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .filter(output -> !output.isEmpty())
                .forEach(exposed::addOutput);
        Map<String, List<long[]>> observed = new HashMap<>();
        Map<String, ElementType> types = new HashMap<>();
        try (GraphRunner runner = new GraphRunner(exposed)) {
            for (Map<String, Tensor> probe : probes) {
                Map<String, Tensor> values = new HashMap<>(runner.run(probe));
                values.putAll(probe);
                values.forEach(
                        (name, value) -> {
                            observed.computeIfAbsent(name, k -> new ArrayList<>())
                                    .add(value.shape());
                            types.put(name, value.type());
                        });
            }
        }
        return new Shapes(observed, types);
    }

    Map<String, Tensor> run(Map<String, Tensor> feeds) {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (String name : session.getInputNames()) {
                inputs.put(name, onnx(feeds.get(name)));
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            try (OrtSession.Result result = session.run(inputs)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
                }
            }
            return outputs;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor onnx(Tensor tensor) throws OrtException {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
        direct.put(tensor.data()).rewind();
        OnnxJavaType type =
                switch (tensor.type()) {
                    case FLOAT -> OnnxJavaType.FLOAT;
                    case INT64 -> OnnxJavaType.INT64;
                    case INT32 -> OnnxJavaType.INT32;
                    case BOOL -> OnnxJavaType.BOOL;
                    default -> throw new IllegalArgumentException("a feed of " + tensor.type());
                };
        return OnnxTensor.createTensor(environment, direct, tensor.shape(), type);
    }

    private static Tensor tensor(OnnxTensor value) {
        ElementType type = ElementType.valueOf(value.getInfo().type.name());
        return new Tensor(type, value.getInfo().getShape(), value.getByteBuffer());
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            options.close();
        }
    }
}
