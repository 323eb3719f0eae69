package io.fedfm.runtime.federation;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Runs clients somewhere: in threads of this JVM, on a cluster, at remote sites. */
public interface ClientEngine extends AutoCloseable {
    /**
     * Runs all assignments and returns the clients' messages in the order of the assignments. If
     * one fails the others are stopped before this throws.
     *
     * @param finished told of each assignment that is done, from any thread
     * @throws io.fedfm.api.FedFmException the first failure, with its client and round
     */
    List<ByteBuffer> run(List<Assignment> assignments, Consumer<Assignment> finished);

    @Override
    void close();
}
