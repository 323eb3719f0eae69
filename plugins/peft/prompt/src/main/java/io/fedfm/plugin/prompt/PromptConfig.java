package io.fedfm.plugin.prompt;

import io.fedfm.api.Settings;

/**
 * The settings of prompt tuning, named as in the PEFT library.
 *
 * @param tokens {@code num_virtual_tokens}
 * @param start {@code prompt_tuning_init}
 * @param text {@code prompt_tuning_init_text}, which {@link Start#TEXT} takes
 * @param seed {@code prompt_tuning_init_seed}, of the words that {@link Start#SAMPLE_VOCAB} draws
 */
record PromptConfig(int tokens, Start start, String text, long seed) {
    /** What the virtual tokens start from. */
    enum Start {
        /** Standard normal numbers. */
        RANDOM,
        /** The embeddings of a text's tokens, cut or repeated to fit. */
        TEXT,
        /** The embeddings of tokens that are drawn from the vocabulary. */
        SAMPLE_VOCAB
    }

    private static final String INIT_TEXT = "prompt_tuning_init_text";

    static PromptConfig from(Settings settings) {
        int tokens = settings.positive("num_virtual_tokens", 20);
        Start start =
                Start.valueOf(
                        settings.oneOf(
                                "prompt_tuning_init", "RANDOM", "RANDOM", "TEXT", "SAMPLE_VOCAB"));
        String text = settings.text(INIT_TEXT, "");
        if (start == Start.TEXT && text.isBlank()) {
            settings.problem(INIT_TEXT, "is required when prompt_tuning_init is TEXT");
        }
        if (start != Start.TEXT && !text.isEmpty()) {
            settings.problem(INIT_TEXT, "serves only when prompt_tuning_init is TEXT");
        }
        return new PromptConfig(
                tokens,
                start,
                text,
                settings.integer("prompt_tuning_init_seed", 0, 0, Long.MAX_VALUE));
    }
}
