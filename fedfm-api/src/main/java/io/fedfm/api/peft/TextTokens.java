package io.fedfm.api.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;

/** The tokenizer of a backbone. */
@FunctionalInterface
public interface TextTokens {
    /** The ids of a text as the model is given it: with the special tokens of a row. */
    int[] ids(String text);

    /** Refuses every text: there is no tokenizer. */
    static TextTokens none() {
        return text -> {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "a PEFT method starts from a text, but this backbone has no tokenizer.json");
        };
    }
}
