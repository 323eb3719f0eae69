package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParameterCountTest {
    /** Words, three norms, four projections of the attention, two of the feed-forward. */
    private static final long FROZEN =
            19 * 8 + 3 * 16 + 4 * (8 * 8 + 8) + (8 * 16 + 16) + (16 * 8 + 8);

    private static final long HEAD = 3 * 8 + 3;

    @TempDir Path cache;

    @Test
    void countsWeightsAndNotTheScalarsOfFormulas() {
        assertThat(ParameterCount.frozen(TinyEncoder.plain())).isEqualTo(FROZEN);
    }

    @Test
    void countsWhatIsAddedOnceAndWhatIsPromotedNotAgain() {
        try (Compiled compiled =
                Compiled.of(
                        TinyEncoder.plain(),
                        cache,
                        backbone -> {
                            Site site = Compiled.site(backbone, "up");
                            return new PeftPlan(
                                    List.of(
                                            new PeftPlan.Attachment(
                                                    site, TestModule.lowRank(site, 0))),
                                    List.of("q.bias", "words"));
                        })) {
            long module = 8 * 2 + 2 * 16;
            assertThat(ParameterCount.of(compiled.woven, compiled.backbone.graph()))
                    .isEqualTo(
                            new ParameterCount(FROZEN + module + HEAD, module + HEAD + 8 + 19 * 8));
        }
    }
}
