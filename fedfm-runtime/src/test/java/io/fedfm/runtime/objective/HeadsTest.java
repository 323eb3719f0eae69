package io.fedfm.runtime.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.GraphBuilder;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What heads demand of a backbone. */
final class HeadsTest {
    @Test
    void theOwnHeadIsPromoted() {
        assertThat(new OwnHead(logits(3, false), 3).promoted()).containsExactly("w", "b");
    }

    @Test
    void theOwnHeadHasTheClassesOfTheData() {
        assertRefused(
                () -> new OwnHead(logits(3, false), 4), ErrorCode.DATA_INVALID, "3 classes", "4");
    }

    @Test
    void theOwnHeadClassifiesRows() {
        assertRefused(
                () -> new OwnHead(logits(0, false), 3), ErrorCode.SETTINGS_INVALID, "head", "mean");
        assertRefused(() -> new OwnHead(logits(99, true), 99), ErrorCode.SETTINGS_INVALID, "head");
    }

    @Test
    void aLanguageModelGivesLogitsOfTokens() {
        GraphBuilder builder = new GraphBuilder(new Graph(), "n");
        CausalLanguageModelling objective = new CausalLanguageModelling();
        assertRefused(
                () -> objective.append(builder, logits(3, false)),
                ErrorCode.MODEL_UNSUPPORTED,
                "CAUSAL_LM");
        assertRefused(
                () -> objective.append(builder, logits(0, false)),
                ErrorCode.MODEL_UNSUPPORTED,
                "CAUSAL_LM");
    }

    @Test
    void theOwnHeadOfTokensGivesThemLogits() {
        assertThat(OwnHead.ofTokens(logits(3, true), 3).promoted()).containsExactly("w", "b");
        assertRefused(
                () -> OwnHead.ofTokens(logits(3, false), 3),
                ErrorCode.SETTINGS_INVALID,
                "[batch, sequence, classes]");
    }

    @Test
    void aTrainedHeadTellsAtLeastTwoClassesApart() {
        assertRefused(
                () -> new SequenceClassification(Pooling.MEAN, 8, 1),
                ErrorCode.SETTINGS_INVALID,
                "2 classes");
    }

    private static BackboneOutputs logits(long classes, boolean tokens) {
        String logits = classes == 0 ? "" : "logits";
        return new BackboneOutputs("hidden", "", logits, List.of("w", "b"), "", 8, classes, tokens);
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FedFmException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll((CharSequence[]) words)
                .hasMessageNotContaining("\n");
    }
}
