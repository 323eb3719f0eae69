package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs models, without optimisation, so that equal graphs give equal bits. */
public final class Ort {
    private Ort() {}

    public static Map<String, Tensor> run(byte[] model, Map<String, Tensor> feeds) {
        return run(model, "", feeds);
    }

    public static Map<String, Tensor> run(byte[] model, String folder, Map<String, Tensor> feeds) {
        OrtEnvironment environment = OrtRuntime.environment();
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.addConfigEntry("session.model_external_initializers_file_folder_path", folder);
            for (Map.Entry<String, Tensor> feed : feeds.entrySet()) {
                tensors.put(feed.getKey(), OrtRuntime.copyOf(feed.getValue()));
            }
            try (OrtSession session = environment.createSession(model, options);
                    OrtSession.Result result = session.run(tensors)) {
                Map<String, Tensor> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    OnnxTensor tensor = (OnnxTensor) output.getValue();
                    outputs.put(
                            output.getKey(),
                            new Tensor(
                                    OrtTypes.of(tensor.getInfo().type, output.getKey()),
                                    tensor.getInfo().getShape(),
                                    tensor.getByteBuffer()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }
}
