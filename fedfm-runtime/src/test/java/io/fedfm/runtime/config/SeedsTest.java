package io.fedfm.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SeedsTest {
    private final Seeds seeds = Seeds.of(42);

    @Test
    void aStreamIsTheSameWheneverItIsOpened() {
        long first = seeds.stream("client", 3, 7).nextLong();
        seeds.stream("client", 3, 8).nextLong();

        assertThat(seeds.stream("client", 3, 7).nextLong()).isEqualTo(first);
    }

    @Test
    void seedNameAndCoordinatesAllMatter() {
        assertThat(
                        new long[] {
                            seeds.value("client", 3, 7),
                            seeds.value("client", 7, 3),
                            seeds.value("client", 37),
                            seeds.value("client3", 7),
                            seeds.value("client", 3),
                            Seeds.of(43).value("client", 3, 7)
                        })
                .doesNotHaveDuplicates();
    }

    @Test
    void theHashStaysTheSameAcrossReleases() {
        assertThat(seeds.value("partition")).isEqualTo(2045031114339278412L);
    }
}
