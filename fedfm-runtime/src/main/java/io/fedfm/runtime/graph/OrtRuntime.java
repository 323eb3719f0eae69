package io.fedfm.runtime.graph;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The one environment of ONNX Runtime in this process.
 *
 * <p>ORT 1.29 matches a regular expression against {@code /proc/self/cmdline} when the environment
 * is made, by recursion: a class path of 4,000 characters overflows a Java thread's 1 MiB stack,
 * and the process dies without a word. So it is made on a thread with a deep stack, of which only
 * the pages that are used take memory.
 */
public final class OrtRuntime {
    private static final long STACK_BYTES = 256L << 20;

    private OrtRuntime() {}

    /** The environment; it logs errors only. */
    public static OrtEnvironment environment() {
        return Holder.ENVIRONMENT;
    }

    /** The version of ONNX Runtime. */
    public static String version() {
        return environment().getVersion();
    }

    /** A copy of a tensor for ORT, which takes nothing but direct memory in native order. */
    public static OnnxTensor copyOf(Tensor tensor) throws OrtException {
        ByteBuffer data = tensor.data();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.nativeOrder());
        direct.put(data).flip();
        return OnnxTensor.createTensor(
                environment(), direct, tensor.shape(), OrtTypes.of(tensor.type()));
    }

    /** ORT's name of an element type. */
    public static OnnxJavaType typeOf(ElementType type) {
        return OrtTypes.of(type);
    }

    /** The element type of a tensor of ORT's. */
    public static ElementType typeOf(OnnxTensor tensor) {
        return OrtTypes.of(tensor.getInfo().type, "a tensor of ONNX Runtime");
    }

    private static final class Holder {
        private static final OrtEnvironment ENVIRONMENT = make();
    }

    /** Not part of the holder, whose initialisation the new thread would wait for. */
    private static OrtEnvironment make() {
        OrtEnvironment[] made = new OrtEnvironment[1];
        Runnable making =
                () ->
                        made[0] =
                                OrtEnvironment.getEnvironment(
                                        OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "fedfm");
        Thread thread = new Thread(null, making, "fedfm-ort", STACK_BYTES);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime started", e);
        }
        return made[0];
    }
}
