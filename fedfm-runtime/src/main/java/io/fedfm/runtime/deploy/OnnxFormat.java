package io.fedfm.runtime.deploy;

import io.fedfm.runtime.graph.DeployedModel;
import java.io.IOException;
import java.nio.file.Path;

/** The forms in which a trained model runs on ONNX Runtime alone. */
public enum OnnxFormat {
    /** Modules as nodes; any method. */
    ONNX {
        @Override
        public void write(TrainedModel trained, Path folder) throws IOException {
            WovenModel.of(trained).write(folder);
        }
    },
    /** Modules folded into the frozen weights. */
    MERGED_ONNX {
        @Override
        public void write(TrainedModel trained, Path folder) throws IOException {
            MergedModel.of(trained).write(folder);
        }
    },
    /** The backbone with inputs for LoRA that may be left out, and an adapter for them. */
    ONNX_ADAPTER {
        @Override
        public void write(TrainedModel trained, Path folder) throws IOException {
            OptionalLora.Result result = OptionalLora.of(trained);
            result.model().write(folder);
            AdapterFile.write(result.adapter(), folder.resolve(ADAPTER));
        }
    };

    /** The name of a model's file. */
    public static final String MODEL = DeployedModel.FILE;

    /** The name of an adapter's file. */
    public static final String ADAPTER = OptionalLora.FILE;

    /**
     * Writes the model's files into an empty folder.
     *
     * @throws io.fedfm.api.FedFmException EXPORT_UNSUPPORTED if the method has no such form
     */
    public abstract void write(TrainedModel trained, Path folder) throws IOException;
}
