package io.fedfm.plugin.prompt;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.VirtualTokens;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Prompt tuning: P trained embeddings before those of the words, {@code [e_1 .. e_P; E x_1 .. E
 * x_L]}, and nothing else (Lester et al. 2021, <a
 * href="https://arxiv.org/abs/2104.08691">arXiv:2104.08691</a>), as the PEFT library does it.
 */
final class PromptMethod implements PeftMethod {
    private final PromptConfig config;

    PromptMethod(PromptConfig config) {
        this.config = config;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        Site words =
                backbone.sites(SiteKind.EMBEDDING).stream()
                        .findFirst()
                        .orElseThrow(PromptMethod::noWords);
        PromptModule module =
                new PromptModule(config.tokens(), words.outputs(), start(backbone, words));
        return PeftPlan.of(List.of(new Attachment(words, module)))
                .withVirtualTokens(VirtualTokens.inSequence(config.tokens()));
    }

    /**
     * The tokens whose embeddings the prompt starts from; none if it starts from random numbers.
     */
    private int[] start(Backbone backbone, Site words) {
        return switch (config.start()) {
            case RANDOM -> new int[0];
            case SAMPLE_VOCAB ->
                    new Random(config.seed())
                            .ints(config.tokens(), 0, Math.toIntExact(words.inputs()))
                            .toArray();
            case TEXT -> fitted(backbone.tokens().ids(config.text()), words);
        };
    }

    private int[] fitted(int[] ids, Site words) {
        if (ids.length == 0) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "the tokenizer makes no token of peft.prompt_tuning_init_text '"
                            + config.text()
                            + "'");
        }
        int greatest = IntStream.of(ids).max().getAsInt();
        if (greatest >= words.inputs()) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the tokenizer gives id "
                            + greatest
                            + " for peft.prompt_tuning_init_text, but the model has embeddings for "
                            + words.inputs()
                            + " tokens; the tokenizer.json is not this model's");
        }
        return IntStream.range(0, config.tokens()).map(i -> ids[i % ids.length]).toArray();
    }

    private static FedFmException noWords() {
        return new FedFmException(
                ErrorCode.TARGETS_UNMATCHED,
                "prompt tuning puts its tokens before word embeddings, and this backbone has none");
    }
}
