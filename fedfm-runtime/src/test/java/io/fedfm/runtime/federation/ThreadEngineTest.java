package io.fedfm.runtime.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ThreadEngineTest {
    @Test
    void returnsMessagesInTheOrderOfTheAssignments() {
        try (ThreadEngine engine = new ThreadEngine(3, ThreadEngineTest::answer)) {
            List<ByteBuffer> messages = engine.run(assignments(3, 9, 1, 7), done -> {});

            assertThat(messages).extracting(b -> b.getInt(0)).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void startsTheLongestFirst() {
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        ClientWorker worker =
                assignment -> {
                    order.add(assignment.client());
                    return answer(assignment);
                };
        try (ThreadEngine engine = new ThreadEngine(1, worker)) {
            engine.run(assignments(3, 9, 1, 7), done -> {});
        }

        assertThat(order).containsExactly(1, 3, 0, 2);
    }

    @Test
    void aFailureStopsTheOthersAndIsTold() {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger stopped = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        ClientWorker worker =
                assignment -> {
                    begun.incrementAndGet();
                    try {
                        if (assignment.client() == 0) {
                            running.countDown();
                            Thread.sleep(TimeUnit.HOURS.toMillis(1));
                        }
                        running.await();
                    } catch (InterruptedException e) {
                        stopped.incrementAndGet();
                        throw new CancellationException("stopped");
                    }
                    throw new FedFmException(ErrorCode.UPDATE_INVALID, "client 1 diverged");
                };
        try (ThreadEngine engine = new ThreadEngine(2, worker)) {
            assertThatThrownBy(() -> engine.run(assignments(9, 8, 7, 6), done -> {}))
                    .hasMessage("client 1 diverged");
        }

        assertThat(stopped).hasValue(1);
        assertThat(begun).hasValue(2);
    }

    @Test
    void worksOnAfterAFailedRound() {
        AtomicInteger calls = new AtomicInteger();
        ClientWorker worker =
                assignment -> {
                    if (assignment.round() == 1) {
                        throw new StackOverflowError();
                    }
                    calls.addAndGet(Thread.currentThread().isInterrupted() ? 100 : 1);
                    return answer(assignment);
                };
        try (ThreadEngine engine = new ThreadEngine(2, worker)) {
            assertThatThrownBy(() -> engine.run(assignments(1, 1, 1), done -> {}))
                    .hasMessageContainingAll("client", "round 1", "StackOverflowError");
            List<Assignment> second =
                    LongStream.range(0, 4)
                            .mapToObj(i -> new Assignment(2, (int) i, 1, ByteBuffer.allocate(0)))
                            .toList();
            engine.run(second, done -> {});
        }

        assertThat(calls).hasValue(4);
    }

    @Test
    void anInterruptedCallerStopsTheRound() {
        ClientWorker worker =
                assignment -> {
                    try {
                        Thread.sleep(TimeUnit.HOURS.toMillis(1));
                    } catch (InterruptedException e) {
                        throw new CancellationException("stopped");
                    }
                    return answer(assignment);
                };
        try (ThreadEngine engine = new ThreadEngine(2, worker)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> engine.run(assignments(1, 1, 1), done -> {}))
                    .isInstanceOfSatisfying(
                            FedFmException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED))
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static ByteBuffer answer(Assignment assignment) {
        return ByteBuffer.allocate(4).putInt(0, assignment.client());
    }

    private static List<Assignment> assignments(long... work) {
        AtomicInteger client = new AtomicInteger();
        return LongStream.of(work)
                .mapToObj(
                        w -> new Assignment(1, client.getAndIncrement(), w, ByteBuffer.allocate(0)))
                .toList();
    }
}
