package io.fedfm.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.runtime.data.Row;
import io.fedfm.runtime.data.TokenRow;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Against what the seqeval library says, strictly and by the scheme IOB2. */
final class EntityTagsTest {
    /** The example of its README. */
    @Test
    void halfOfTheEntitiesAreRight() {
        EntityCounts counts =
                EntityTags.compare(
                                tags("O O O B-MISC I-MISC I-MISC O"),
                                tags("O O B-MISC I-MISC I-MISC I-MISC O"))
                        .plus(EntityTags.compare(tags("B-PER I-PER O"), tags("B-PER I-PER O")));

        assertThat(counts).isEqualTo(new EntityCounts(2, 2, 1));
        assertThat(counts.f1()).isEqualTo(0.5);
    }

    /** The example of its strict mode: its default mode would call this right. */
    @Test
    void anEntityMustBegin() {
        EntityCounts counts = EntityTags.compare(tags("B-NP I-NP O"), tags("I-NP I-NP O"));

        assertThat(counts).isEqualTo(new EntityCounts(0, 1, 0));
        assertThat(counts.f1()).isZero();
    }

    /** Of precision 2/3, recall 1/2. */
    @Test
    void typesAndEndsMustBeRight() {
        EntityCounts counts =
                EntityTags.compare(
                        tags("B-PER B-PER I-PER O B-LOC I-LOC B-ORG"),
                        tags("B-PER B-PER I-PER O B-LOC I-ORG O"));

        assertThat(counts).isEqualTo(new EntityCounts(3, 4, 2));
        assertThat(counts.precision()).isEqualTo(2.0 / 3, within(1e-12));
        assertThat(counts.recall()).isEqualTo(0.5);
        assertThat(counts.f1()).isEqualTo(4.0 / 7, within(1e-12));
    }

    @Test
    void countsWordsOfPaddedRows() {
        EntityTags tags = EntityTags.of(List.of("B-X", "I-X", "O")).orElseThrow();
        int none = TokenRow.IGNORED;
        Row first = row(none, 0, none, 1, none);
        Row second = row(none, 2, 0);

        // Between the words the predictions do not matter, nor behind the second row's end.
        EntityCounts counts =
                tags.count(
                        List.of(first, second),
                        Stream.of(2, 0, 2, 1, 2, 0, 2, 0, 0, 1).map(Long::valueOf).toList());

        assertThat(counts).isEqualTo(new EntityCounts(2, 2, 2));
    }

    @Test
    void otherTagsAreNone() {
        assertThat(EntityTags.of(List.of("B-X", "I-X", "O"))).isPresent();
        assertThat(EntityTags.of(List.of("NOUN", "VERB"))).isEmpty();
        assertThat(EntityTags.of(List.of("B-X", "E-X", "O"))).isEmpty();
        assertThat(EntityTags.of(List.of("O"))).isEmpty();
    }

    private static Row row(int... targets) {
        return new TokenRow(new int[targets.length], new int[targets.length], 0, targets);
    }

    private static List<String> tags(String line) {
        return Arrays.asList(line.split(" "));
    }
}
