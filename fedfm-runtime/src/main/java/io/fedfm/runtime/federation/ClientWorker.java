package io.fedfm.runtime.federation;

import java.nio.ByteBuffer;

/** Does what one client is asked for; called by many threads at once, for different clients. */
@FunctionalInterface
public interface ClientWorker {
    /** The client's update, as a message. */
    ByteBuffer work(Assignment assignment);
}
