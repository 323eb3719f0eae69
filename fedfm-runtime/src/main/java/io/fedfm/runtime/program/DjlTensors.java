package io.fedfm.runtime.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.ElementType;
import io.fedfm.runtime.graph.Tensor;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;

/** Between Arrow buffers and DJL's arrays, without copies where DJL's memory is contiguous. */
final class DjlTensors {
    private DjlTensors() {}

    /** A view of an Arrow tensor of floats; the tensor outlives it. */
    static NDArray viewOf(ArrowTensor tensor, NDManager manager) {
        return manager.create(tensor.bytes(), new Shape(tensor.shape()), DataType.FLOAT32);
    }

    /** A view of one parameter. */
    static NDArray viewOf(ParameterVector vector, ParameterLayout.Entry entry, NDManager manager) {
        ByteBuffer bytes = vector.bytes(entry.offset(), Math.toIntExact(entry.size()));
        return manager.create(bytes, new Shape(entry.dimensions()), DataType.FLOAT32);
    }

    /** A frozen weight of floats, a view where its memory is direct; never to be written to. */
    static NDArray viewOf(Tensor constant, NDManager manager) {
        return manager.create(constant.data(), new Shape(constant.shape()), DataType.FLOAT32);
    }

    /**
     * An Arrow view of an array of floats; the array's manager stays open until the view is closed.
     */
    static ArrowTensor viewOf(NDArray array, BufferAllocator allocator) {
        ByteBuffer bytes = array.toByteBuffer(true);
        long address = MemoryUtil.getByteBufferAddress(bytes);
        ArrowBuf buffer =
                allocator.wrapForeignAllocation(
                        new ForeignAllocation(bytes.remaining(), address) {
                            @Override
                            protected void release0() {
                                // The array's manager frees the memory; the reference keeps a copy
                                // that DJL may have made alive.
                                java.lang.ref.Reference.reachabilityFence(bytes);
                            }
                        });
        return new ArrowTensor(ElementType.FLOAT, array.getShape().getShape(), buffer);
    }
}
