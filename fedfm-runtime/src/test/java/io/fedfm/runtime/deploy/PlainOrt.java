package io.fedfm.runtime.deploy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoraAdapter;
import ai.onnxruntime.OrtSession;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A file run by ONNX Runtime and nothing else. */
final class PlainOrt implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    PlainOrt(Path file) throws OrtException {
        session = environment.createSession(file.toAbsolutePath().toString());
    }

    Set<String> inputs() {
        return session.getInputNames();
    }

    Set<String> outputs() {
        return session.getOutputNames();
    }

    float[] run(Map<String, Tensor> feeds, String output) throws OrtException {
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            return run(feeds, output, options);
        }
    }

    float[] run(Map<String, Tensor> feeds, String output, Path adapter) throws OrtException {
        try (OrtLoraAdapter lora = OrtLoraAdapter.create(adapter.toAbsolutePath().toString());
                OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            options.addActiveLoraAdapter(lora);
            return run(feeds, output, options);
        }
    }

    private float[] run(Map<String, Tensor> feeds, String output, OrtSession.RunOptions options)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String name : session.getInputNames()) {
            inputs.put(name, tensor(feeds.get(name)));
        }
        try (OrtSession.Result result = session.run(inputs, Set.of(output), options)) {
            OnnxTensor value = (OnnxTensor) result.get(output).orElseThrow();
            float[] floats = new float[(int) value.getInfo().getNumElements()];
            if (floats.length > 0) {
                value.getFloatBuffer().get(floats);
            }
            return floats;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer data =
                ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
        data.put(tensor.data()).flip();
        return switch (tensor.type()) {
            case FLOAT ->
                    OnnxTensor.createTensor(environment, data.asFloatBuffer(), tensor.shape());
            case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), tensor.shape());
            default -> throw new IllegalArgumentException("" + tensor.type());
        };
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
