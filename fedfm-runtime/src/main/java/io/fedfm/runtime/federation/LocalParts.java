package io.fedfm.runtime.federation;

import io.fedfm.api.tensor.ParameterVector;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What each client keeps for itself across rounds (Arivazhagan et al. 2019, personalisation
 * layers). A client's part is only touched by that client's task while a round trains.
 */
public final class LocalParts implements AutoCloseable {
    private final List<ParameterVector> parts;

    private LocalParts(List<ParameterVector> parts) {
        this.parts = parts;
    }

    /** Every client starts from the local part of the initial parameters. */
    public static LocalParts initial(
            int clients, StateLayouts layouts, ParameterVector full, BufferAllocator allocator) {
        List<ParameterVector> parts = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            ParameterVector part = ParameterVector.zeros(allocator, layouts.local());
            layouts.extract(full, part);
            parts.add(part);
        }
        return new LocalParts(parts);
    }

    /** The part of a client; a live vector, not a copy. */
    public ParameterVector of(int client) {
        return parts.get(client);
    }

    /** The number of clients. */
    public int clients() {
        return parts.size();
    }

    @Override
    public void close() {
        parts.forEach(ParameterVector::close);
    }
}
