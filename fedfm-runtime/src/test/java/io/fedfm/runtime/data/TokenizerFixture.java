package io.fedfm.runtime.data;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** A model folder with a tokenizer of ten words: see {@code tokenizer/tokenizer.json}. */
public final class TokenizerFixture {
    private TokenizerFixture() {}

    public static Path folder() {
        try {
            return Path.of(TokenizerFixture.class.getResource("/tokenizer/tokenizer.json").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
