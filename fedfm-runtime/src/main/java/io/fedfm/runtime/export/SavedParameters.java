package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.federation.StateLayouts;
import io.fedfm.runtime.record.Checkpoint;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.weave.Trainable;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/** Reads all parameters of a checkpoint: those that travelled, and a client's own head. */
final class SavedParameters {
    private final StateLayouts layouts;
    private final Checkpoint checkpoint;

    SavedParameters(PlannedModel planned, Checkpoint checkpoint) {
        Set<String> head =
                planned.woven().trainables().stream()
                        .filter(Trainable::head)
                        .map(Trainable::name)
                        .collect(Collectors.toSet());
        boolean local = planned.config().federation().head().equals("local");
        this.layouts =
                StateLayouts.of(planned.woven().layout(), name -> local && head.contains(name));
        this.checkpoint = checkpoint;
    }

    /** The parameters; owned by the caller. */
    ParameterVector read(OptionalInt client, BufferAllocator allocator) {
        boolean local = layouts.local().size() > 0;
        if (local != client.isPresent()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    local
                            ? "federation.head is local: each client has a head of its own;"
                                    + " --client N (from 0) says whose to take"
                            : "--client has a use only where federation.head is local; this run's"
                                    + " head is shared");
        }
        try (ParameterVector shared = ParameterVector.zeros(allocator, layouts.shared());
                ParameterVector own = ParameterVector.zeros(allocator, layouts.local())) {
            checkpoint.restore(Checkpoint.ADAPTER, shared, allocator);
            if (local) {
                checkpoint.restore(Checkpoint.local(client.getAsInt()), own, allocator);
            }
            ParameterVector full = ParameterVector.zeros(allocator, layouts.full());
            layouts.join(shared, own, full);
            return full;
        }
    }
}
