package io.fedfm.runtime.program;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.OrtRuntime;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Between Arrow buffers and ORT's tensors. What is made here is closed by whoever asked for it. */
final class OrtTensors {
    private final OrtEnvironment environment;

    OrtTensors(OrtEnvironment environment) {
        this.environment = environment;
    }

    /** A copy of a constant. */
    OnnxTensor copyOf(Tensor tensor) {
        try {
            return OrtRuntime.copyOf(tensor);
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    /** A view of one parameter: ORT reads, or writes, the vector's own memory. */
    OnnxTensor viewOf(ParameterVector vector, ParameterLayout.Entry entry) {
        return make(
                vector.bytes(entry.offset(), Math.toIntExact(entry.size())),
                entry.dimensions(),
                ElementType.FLOAT);
    }

    /** A view of an Arrow tensor. */
    OnnxTensor viewOf(ArrowTensor tensor) {
        return make(tensor.bytes(), tensor.shape(), tensor.type());
    }

    /** An Arrow copy of a tensor that ORT allocated. */
    ArrowTensor copyOf(OnnxTensor tensor, BufferAllocator allocator) {
        ByteBuffer bytes = tensor.getByteBuffer();
        ArrowBuf buffer = allocator.buffer(Math.max(1, bytes.remaining()));
        buffer.setBytes(0, bytes);
        return new ArrowTensor(typeOf(tensor), tensor.getInfo().getShape(), buffer);
    }

    /** A copy of a tensor that ORT allocated, on the heap. */
    Tensor toTensor(OnnxTensor tensor) {
        return new Tensor(typeOf(tensor), tensor.getInfo().getShape(), tensor.getByteBuffer());
    }

    /** The value of a float scalar. */
    static float scalar(OnnxTensor tensor) {
        return tensor.getFloatBuffer().get(0);
    }

    private static ElementType typeOf(OnnxTensor tensor) {
        return OrtRuntime.typeOf(tensor);
    }

    private OnnxTensor make(ByteBuffer bytes, long[] shape, ElementType type) {
        try {
            return OnnxTensor.createTensor(environment, bytes, shape, OrtRuntime.typeOf(type));
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private static FedFmException refused(OrtException e) {
        return new FedFmException(
                ErrorCode.INTERNAL, "ONNX Runtime does not take a tensor: " + e.getMessage(), e);
    }
}
