package io.fedfm.runtime.federation;

import io.fedfm.runtime.train.Pools;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs clients in threads of this JVM, the one with the most rows first, so that no long one is
 * left for the end.
 */
public final class ThreadEngine implements ClientEngine {
    private final int workers;
    private final ClientWorker worker;
    private final ExecutorService pool;

    /** An engine that runs {@code workers} clients at once. */
    public ThreadEngine(int workers, ClientWorker worker) {
        this.workers = workers;
        this.worker = worker;
        AtomicInteger number = new AtomicInteger();
        this.pool =
                Executors.newFixedThreadPool(
                        workers,
                        task -> {
                            Thread thread = new Thread(task, "client-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    @Override
    public List<ByteBuffer> run(List<Assignment> assignments, Consumer<Assignment> finished) {
        int lanes = Math.min(workers, assignments.size());
        Lanes round = new Lanes(assignments, worker, finished, lanes);
        for (int i = 0; i < lanes; i++) {
            pool.execute(round);
        }
        return round.await();
    }

    @Override
    public void close() {
        Pools.stop(pool);
    }
}
