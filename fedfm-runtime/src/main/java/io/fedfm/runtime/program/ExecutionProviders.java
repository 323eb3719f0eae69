package io.fedfm.runtime.program;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.List;
import java.util.Map;

/**
 * The execution providers a session uses, in order of preference.
 *
 * @param names of {@code cpu}, {@code cuda}, {@code tensorrt}; all are available
 */
public record ExecutionProviders(List<String> names) {
    private static final Map<String, OrtProvider> KNOWN =
            Map.of(
                    "cpu",
                    OrtProvider.CPU,
                    "cuda",
                    OrtProvider.CUDA,
                    "tensorrt",
                    OrtProvider.TENSOR_RT);

    private static final Map<String, String> INSTALL =
            Map.of(
                    "cuda",
                            "build with -Pgpu (onnxruntime_gpu), and install an NVIDIA driver, CUDA 12 and cuDNN 9",
                    "tensorrt",
                            "build with -Pgpu (onnxruntime_gpu), and install an NVIDIA driver, CUDA 12, cuDNN 9 and TensorRT 10");

    /**
     * Checks that each is known and available.
     *
     * @throws FedFmException with {@link ErrorCode#PROVIDER_UNAVAILABLE} and what to install
     */
    public ExecutionProviders {
        names = List.copyOf(names);
        for (String name : names) {
            OrtProvider provider = KNOWN.get(name);
            if (provider == null) {
                throw new FedFmException(
                        ErrorCode.SETTINGS_INVALID,
                        "model.providers: '" + name + "' is not one of cpu, cuda, tensorrt");
            }
            if (!OrtEnvironment.getAvailableProviders().contains(provider)) {
                throw unavailable(name, "this ONNX Runtime was built without it", null);
            }
        }
    }

    /** The CPU alone. */
    public static ExecutionProviders cpu() {
        return new ExecutionProviders(List.of("cpu"));
    }

    /** Adds them to a session's options; ORT's CPU provider is always the last. */
    void addTo(SessionOptions options) {
        for (String name : names) {
            try {
                if (name.equals("cuda")) {
                    OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0);
                    cuda.add("arena_extend_strategy", "kSameAsRequested");
                    // TF32 would round fp32 products to 10 bits.
                    cuda.add("use_tf32", "0");
                    options.addCUDA(cuda);
                } else if (name.equals("tensorrt")) {
                    options.addTensorrt(new OrtTensorRTProviderOptions(0));
                }
            } catch (OrtException e) {
                throw unavailable(
                        name, e.getMessage().lines().findFirst().orElse("it does not load"), e);
            }
        }
    }

    private static FedFmException unavailable(String name, String why, Throwable cause) {
        return new FedFmException(
                ErrorCode.PROVIDER_UNAVAILABLE,
                "model.providers: '"
                        + name
                        + "' is not available: "
                        + why
                        + "; "
                        + INSTALL.getOrDefault(name, ""),
                cause);
    }
}
