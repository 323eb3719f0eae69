package io.fedfm.runtime.federation;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The assignments of a round, worked off by several threads that each run this task. The first
 * failure empties the queue and interrupts the threads; {@link #await} returns when none of them
 * works any more, so nothing that was lent to them is in use.
 */
final class Lanes implements Runnable {
    private final List<Assignment> assignments;
    private final ClientWorker worker;
    private final Consumer<Assignment> finished;
    private final Queue<Assignment> waiting;
    private final Map<Integer, ByteBuffer> messages = new ConcurrentHashMap<>();
    private final Set<Thread> threads = new HashSet<>();
    private final CountDownLatch open;
    private FedFmException failure;

    Lanes(
            List<Assignment> assignments,
            ClientWorker worker,
            Consumer<Assignment> finished,
            int lanes) {
        this.assignments = assignments;
        this.worker = worker;
        this.finished = finished;
        this.waiting =
                new ConcurrentLinkedQueue<>(
                        assignments.stream()
                                .sorted(Comparator.comparingLong(a -> -a.work()))
                                .toList());
        this.open = new CountDownLatch(lanes);
    }

    @Override
    public void run() {
        enter();
        try {
            for (Assignment next = waiting.poll(); next != null; next = waiting.poll()) {
                work(next);
            }
        } finally {
            leave();
            open.countDown();
        }
    }

    /** The messages in the order of the assignments, or the first failure. */
    List<ByteBuffer> await() {
        boolean interrupted = false;
        while (true) {
            try {
                open.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                stop(new FedFmException(ErrorCode.RUN_FAILED, "the round was interrupted", e));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (threads) {
            if (failure != null) {
                throw failure;
            }
        }
        return assignments.stream().map(a -> messages.get(a.client())).toList();
    }

    private void work(Assignment assignment) {
        try {
            messages.put(assignment.client(), worker.work(assignment));
            finished.accept(assignment);
        } catch (FedFmException e) {
            stop(e);
        } catch (Throwable e) {
            stop(
                    new FedFmException(
                            ErrorCode.RUN_FAILED,
                            "client "
                                    + assignment.client()
                                    + ", round "
                                    + assignment.round()
                                    + ": "
                                    + e,
                            e));
        }
    }

    private void stop(FedFmException cause) {
        synchronized (threads) {
            if (failure == null) {
                failure = cause;
                waiting.clear();
                threads.forEach(Thread::interrupt);
            }
        }
    }

    private void enter() {
        synchronized (threads) {
            threads.add(Thread.currentThread());
        }
    }

    private void leave() {
        synchronized (threads) {
            threads.remove(Thread.currentThread());
            // An interrupt meant for this round must not reach the next one on this thread.
            Thread.interrupted();
        }
    }
}
