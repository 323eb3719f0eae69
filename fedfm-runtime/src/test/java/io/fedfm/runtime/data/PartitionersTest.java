package io.fedfm.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.runtime.config.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PartitionersTest {
    private static final int[] LABELS = IntStream.range(0, 1003).map(i -> i % 7).toArray();

    @Test
    void iidDealsAlmostEqualParts() {
        List<int[]> parts = partition(Map.of("type", "iid", "num_partitions", 4), 42);

        assertThat(parts).extracting(part -> part.length).containsExactly(251, 251, 251, 250);
        assertWhole(parts);
        assertThat(parts.get(0)).isNotEqualTo(IntStream.range(0, 251).toArray());
    }

    @Test
    void iidRefusesMorePartsThanRows() {
        assertThatThrownBy(() -> partition(Map.of("num_partitions", 2000), 42))
                .hasMessageContainingAll("num_partitions is 2000", "1003 rows");
    }

    @Test
    void dirichletGivesEveryRowToOneClientAndEachClientEnough() {
        List<int[]> parts = partition(dirichlet(0.5), 42);

        assertThat(parts).hasSize(5).allMatch(part -> part.length >= 10);
        assertWhole(parts);
    }

    @Test
    void dirichletRepeatsBySeed() {
        Map<String, Object> own = new HashMap<>(dirichlet(0.5));
        own.put("seed", 3);

        assertThat(partition(dirichlet(0.5), 1))
                .usingRecursiveComparison()
                .isEqualTo(partition(dirichlet(0.5), 1));
        assertThat(partition(dirichlet(0.5), 1).get(0))
                .isNotEqualTo(partition(dirichlet(0.5), 2).get(0));
        assertThat(partition(own, 1)).usingRecursiveComparison().isEqualTo(partition(own, 2));
    }

    @Test
    void aSmallerAlphaSkewsMore() {
        assertThat(skew(partition(dirichlet(100), 42))).isLessThan(0.1);
        assertThat(skew(partition(dirichlet(0.1), 42))).isGreaterThan(0.3);
    }

    @Test
    void aBigAlphaForOneClientGivesItMost() {
        List<int[]> parts =
                partition(
                        Map.of("type", "dirichlet", "num_partitions", 2, "alpha", List.of(90, 10)),
                        42);

        assertThat(parts.get(0).length / 1003.0).isBetween(0.8, 0.97);
    }

    @Test
    void selfBalancingGivesNothingMoreToWhoHasMoreThanTheMean() {
        Map<String, Object> settings = new HashMap<>(dirichlet(0.3));
        settings.put("self_balancing", true);
        settings.put("min_partition_size", 1);

        // A class is 144 rows at most, and what a client at the mean, 201, gets is the last it
        // gets.
        assertThat(partition(settings, 42)).allMatch(part -> part.length <= 201 + 144);
    }

    @Test
    void unshuffledPartsGoClassByClassInTheOrderOfRows() {
        Map<String, Object> settings = new HashMap<>(dirichlet(1));
        settings.put("shuffle", false);

        for (int[] part : partition(settings, 42)) {
            int[] sorted =
                    IntStream.of(part)
                            .boxed()
                            .sorted(
                                    (a, b) ->
                                            LABELS[a] != LABELS[b] ? LABELS[a] - LABELS[b] : a - b)
                            .mapToInt(i -> i)
                            .toArray();
            assertThat(part).isEqualTo(sorted);
        }
        int[] unshuffled = partition(settings, 42).get(0);
        assertThat(partition(dirichlet(1), 42).get(0))
                .isNotEqualTo(unshuffled)
                .containsExactlyInAnyOrder(unshuffled);
    }

    @Test
    void givesUpAfterTenRetries() {
        Map<String, Object> settings = new HashMap<>(dirichlet(0.5));
        settings.put("min_partition_size", 500);

        assertThatThrownBy(() -> partition(settings, 42))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID))
                .hasMessageContainingAll("10 retries", "min_partition_size 500", "raise alpha");
    }

    @Test
    void refusesArgumentsThatMakeNoSense() {
        assertSettings(Map.of("type", "dirichlet", "alpha", 0), "alpha must be above 0");
        assertSettings(Map.of("type", "dirichlet", "alpha", List.of(1, 2)), "has 2");
        assertSettings(Map.of("type", "dirichlet", "partition_by", "age"), "must be data.label");
        assertSettings(Map.of("type", "iid", "alpha", 1), "unknown setting");
        assertSettings(Map.of("type", "iidd"), "did you mean 'iid'?");
        assertThatThrownBy(
                        () ->
                                Partitioners.create(
                                        Settings.of("p", Map.of("type", "dirichlet")),
                                        "",
                                        Seeds.of(1)))
                .hasMessageContaining("needs a class for each row");
    }

    private static void assertSettings(Map<String, ?> settings, String message) {
        assertThatThrownBy(() -> partition(settings, 1))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining(message);
    }

    private static Map<String, Object> dirichlet(double alpha) {
        return Map.of(
                "type", "dirichlet", "num_partitions", 5, "partition_by", "label", "alpha", alpha);
    }

    private static List<int[]> partition(Map<String, ?> settings, long seed) {
        return Partitioners.create(
                        Settings.of("data.partitioner", settings), "label", Seeds.of(seed))
                .partition(LABELS);
    }

    /** How far, on average, a client's part of a class is from an equal one. */
    private static double skew(List<int[]> parts) {
        double sum = 0;
        for (int[] part : parts) {
            for (int label = 0; label < 7; label++) {
                int wanted = label;
                long count = IntStream.of(part).filter(i -> LABELS[i] == wanted).count();
                sum += Math.abs(count / (1003.0 / 7) - 1.0 / parts.size());
            }
        }
        return sum / (7 * parts.size()) / (1.0 / parts.size()) / 2;
    }

    private static void assertWhole(List<int[]> parts) {
        int[] all = parts.stream().flatMapToInt(IntStream::of).sorted().toArray();
        assertThat(all).isEqualTo(IntStream.range(0, LABELS.length).toArray());
        assertThat(Arrays.stream(all).distinct().count()).isEqualTo(LABELS.length);
    }
}
