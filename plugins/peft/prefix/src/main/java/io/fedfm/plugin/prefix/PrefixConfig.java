package io.fedfm.plugin.prefix;

import io.fedfm.api.Settings;

/**
 * The settings of prefix tuning, named as in the PEFT library.
 *
 * @param tokens {@code num_virtual_tokens}, the length of the prefix
 * @param projected {@code prefix_projection}: whether a small network makes the prefixes
 * @param encoderSize {@code encoder_hidden_size}, the inner width of that network; 0 for the width
 *     of all keys of a layer
 * @param zero {@code init_weights: zero}: keys and values start from zero
 */
record PrefixConfig(int tokens, boolean projected, int encoderSize, boolean zero) {
    static PrefixConfig from(Settings settings) {
        int tokens = settings.positive("num_virtual_tokens", 20);
        boolean projected = settings.flag("prefix_projection", false);
        boolean sized = settings.has("encoder_hidden_size");
        int size = settings.positive("encoder_hidden_size", 1);
        if (sized && !projected) {
            settings.problem("encoder_hidden_size", "needs prefix_projection: true");
        }
        String initial = settings.oneOf("init_weights", "normal", "normal", "zero");
        return new PrefixConfig(tokens, projected, sized ? size : 0, initial.equals("zero"));
    }
}
