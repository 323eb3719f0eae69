package io.fedfm.runtime.program;

import ai.djl.ndarray.NDManager;
import io.fedfm.api.tensor.ParameterVector;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What one step of split execution holds: the batch, the parameters, the tensors made, the modules'
 * tapes.
 */
final class Step implements AutoCloseable {
    final Batch batch;
    final ParameterVector parameters;
    final long dropoutSeed;
    final boolean training;
    final BufferAllocator allocator;
    final NDManager manager;
    final StepValues values = new StepValues();
    final Map<Integer, ModuleTape> tapes = new HashMap<>();

    Step(
            Batch batch,
            ParameterVector parameters,
            long dropoutSeed,
            boolean training,
            BufferAllocator allocator) {
        this.batch = batch;
        this.parameters = parameters;
        this.dropoutSeed = dropoutSeed;
        this.training = training;
        this.allocator = allocator;
        this.manager = NDManager.newBaseManager();
    }

    @Override
    public void close() {
        values.close();
        manager.close();
    }
}
