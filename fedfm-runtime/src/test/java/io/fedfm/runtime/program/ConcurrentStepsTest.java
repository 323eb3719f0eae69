package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that share a program get, bit for bit, what each would get alone. */
final class ConcurrentStepsTest {
    private static final int STEPS = 24;
    private static final int THREADS = 4;

    @TempDir Path cache;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void threadsDoNotDisturbEachOther(boolean fused) throws Exception {
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        Compiled.at(site -> TestModule.lowRank(site, 0.2), "q", "v", "down"))) {
            Program program = fused ? compiled.fused : compiled.split;
            List<Map<String, float[]>> alone = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                alone.add(step(compiled, program, step));
            }
            List<Map<String, float[]>> together = together(compiled, program);
            for (int step = 0; step < STEPS; step++) {
                Map<String, float[]> expected = alone.get(step);
                together.get(step)
                        .forEach(
                                (name, values) ->
                                        assertThat(values)
                                                .as(name)
                                                .containsExactly(expected.get(name)));
            }
            assertThat(compiled.tensors.getAllocatedMemory()).isZero();
        }
    }

    private static List<Map<String, float[]>> together(Compiled compiled, Program program)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Map<String, float[]>>> futures = new ArrayList<>();
            for (int i = 0; i < STEPS; i++) {
                int step = i;
                futures.add(pool.submit(() -> step(compiled, program, step)));
            }
            List<Map<String, float[]>> results = new ArrayList<>();
            for (Future<Map<String, float[]>> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Map<String, float[]> step(Compiled compiled, Program program, int step) {
        return compiled.gradients(program, compiled.batch(1 + step % 4, 2 + step % 7), step);
    }
}
