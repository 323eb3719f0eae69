package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs a model as it is in its file at several batch sizes and lengths. */
final class BranchProbe {
    private static final int[] BATCHES = {2, 3, 5};
    private static final int[] LENGTHS = {5, 7, 4};

    private BranchProbe() {}

    /**
     * The outputs at each size.
     *
     * @param model the file's bytes
     * @param folder of its external data
     * @param inputs the graph to make inputs for
     * @throws FedFmException MODEL_UNSUPPORTED if it does not run
     */
    static List<Map<String, Tensor>> run(byte[] model, Path folder, Graph inputs) {
        int longest = ExampleInputs.maxLength(inputs);
        List<Map<String, Tensor>> found = new ArrayList<>();
        try (SessionOptions options = new SessionOptions()) {
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path", folder.toString());
            try (OrtSession session = OrtRuntime.environment().createSession(model, options)) {
                for (int i = 0; i < BATCHES.length; i++) {
                    int length = Math.min(LENGTHS[i], longest);
                    found.add(
                            run(
                                    session,
                                    ExampleInputs.make(
                                            inputs, BATCHES[i], length, new Random(1), true)));
                }
            }
            return found;
        } catch (OrtException e) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "has branches, and ONNX Runtime does not run it to tell which are taken: " + e,
                    e);
        }
    }

    private static Map<String, Tensor> run(OrtSession session, Map<String, Tensor> feeds)
            throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> feed : feeds.entrySet()) {
                tensors.put(feed.getKey(), OrtRuntime.copyOf(feed.getValue()));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                Map<String, Tensor> values = new HashMap<>();
                result.forEach(
                        entry -> {
                            OnnxTensor value = (OnnxTensor) entry.getValue();
                            values.put(
                                    entry.getKey(),
                                    new Tensor(
                                            OrtRuntime.typeOf(value),
                                            value.getInfo().getShape(),
                                            value.getByteBuffer()));
                        });
                return values;
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }
}
