package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes rows of instructions: the prompt as the tokenizer gives it to a model, then the tokens of
 * the completion and the end of the sequence, of which alone is learnt.
 *
 * <p>A row that is too long loses the end of its completion, with the end of the sequence; one
 * whose prompt leaves no room at all is refused.
 */
final class InstructionEncoder {
    private final TextTokenizer tokenizer;
    private final int end;
    private final int maxLength;

    /**
     * An encoder.
     *
     * @param tokenizer of the model
     * @param end the id of the end of a sequence
     * @param maxLength tokens of a row at most
     */
    InstructionEncoder(TextTokenizer tokenizer, int end, int maxLength) {
        this.tokenizer = tokenizer;
        this.end = end;
        this.maxLength = maxLength;
    }

    /** The row of an instruction; {@code file} is named if it is refused. */
    TokenRow row(Path file, Instruction instruction) {
        int[] prompt = withoutEnd(tokenizer.whole(instruction.prompt()));
        if (prompt.length >= maxLength) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file
                            + ":"
                            + instruction.line()
                            + ": the prompt has "
                            + prompt.length
                            + " tokens and leaves none of data.max_length "
                            + maxLength
                            + " for the completion; raise it or remove the row");
        }
        int[] completion = tokenizer.piece(instruction.completion());
        int[] tokens =
                Stream.of(prompt, completion, new int[] {end})
                        .flatMapToInt(IntStream::of)
                        .limit(maxLength)
                        .toArray();
        int[] targets = tokens.clone();
        Arrays.fill(targets, 0, prompt.length, TokenRow.IGNORED);
        return new TokenRow(tokens, new int[tokens.length], 0, targets);
    }

    /** Some tokenizers end every text of theirs; a prompt goes on. */
    private int[] withoutEnd(int[] tokens) {
        boolean ended = tokens.length > 1 && tokens[tokens.length - 1] == end;
        return ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
    }
}
