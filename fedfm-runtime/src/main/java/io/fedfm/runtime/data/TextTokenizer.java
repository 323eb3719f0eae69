package io.fedfm.runtime.data;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.TextTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Texts to token ids by the {@code tokenizer.json} that lies beside a model. */
public final class TextTokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";

    private final HuggingFaceTokenizer rows;
    private final HuggingFaceTokenizer stream;
    private final long padding;

    private TextTokenizer(HuggingFaceTokenizer rows, HuggingFaceTokenizer stream, long padding) {
        this.rows = rows;
        this.stream = stream;
        this.padding = padding;
    }

    /**
     * Opens the tokenizer of a model.
     *
     * @param folder where the model lies
     * @param maxLength tokens of a row at most, special tokens included
     * @throws FedFmException FILE_UNREADABLE if there is none, MODEL_INVALID if it is malformed
     */
    public static TextTokenizer open(Path folder, int maxLength) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "there is no " + FILE + " in " + folder + "; texts need the model's tokenizer");
        }
        long padding = SpecialTokens.padding(folder);
        HuggingFaceTokenizer rows = null;
        try {
            // DJL cuts at 512 unless told what the model takes; that is known to others here.
            rows =
                    HuggingFaceTokenizer.builder(Map.of("modelMaxLength", maxLength))
                            .optTokenizerPath(file)
                            .optMaxLength(maxLength)
                            .optTruncation(true)
                            .optPadding(false)
                            .optAddSpecialTokens(true)
                            .build();
            HuggingFaceTokenizer stream =
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optTruncation(false)
                            .optPadding(false)
                            .optAddSpecialTokens(false)
                            .build();
            return new TextTokenizer(rows, stream, padding);
        } catch (IOException | RuntimeException e) {
            if (rows != null) {
                rows.close();
            }
            throw new FedFmException(
                    ErrorCode.MODEL_INVALID, file + " is no tokenizer: " + e.getMessage(), e);
        }
    }

    /**
     * The tokens of single texts, special ones included; the tokenizer is opened for each.
     *
     * @param folder where the model lies
     */
    public static TextTokens tokens(Path folder) {
        return !Files.isRegularFile(folder.resolve(FILE))
                ? TextTokens.none()
                : text -> inOwnContext(() -> single(folder, text));
    }

    private static int[] single(Path folder, String text) {
        try (TextTokenizer tokenizer = open(folder, 1)) {
            return tokenizer.whole(text);
        }
    }

    /**
     * DJL looks for its native library through the context class loader, which is a plugin's where
     * one asks for tokens.
     */
    private static int[] inOwnContext(Supplier<int[]> body) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TextTokenizer.class.getClassLoader());
        try {
            return body.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** All tokens of a text and the special ones around it, however many they are. */
    int[] whole(String text) {
        return ints(stream.encode(text, true, false).getIds());
    }

    /**
     * A row with the special tokens of the model, cut to the greatest length.
     *
     * @throws FedFmException DATA_INVALID if the text has no token
     */
    public TokenRow row(String text, int label) {
        Encoding encoding = rows.encode(text);
        if (encoding.getIds().length == 0) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "the tokenizer makes no token of the text '" + text.strip() + "'");
        }
        return new TokenRow(ints(encoding.getIds()), ints(encoding.getTypeIds()), label);
    }

    /**
     * A sentence of words: as Hugging Face's examples do it, the class of a word is learnt at the
     * first of its tokens, and nothing at the others and at special ones; what is beyond the
     * greatest length is cut.
     *
     * @param words in order
     * @param classes one for each
     */
    TokenRow sentence(List<String> words, int[] classes) {
        Encoding encoding = rows.encode(words);
        long[] wordIds = encoding.getWordIds();
        int[] targets = new int[wordIds.length];
        for (int i = 0; i < targets.length; i++) {
            boolean first = wordIds[i] >= 0 && (i == 0 || wordIds[i - 1] != wordIds[i]);
            targets[i] = first ? classes[(int) wordIds[i]] : TokenRow.IGNORED;
        }
        return new TokenRow(ints(encoding.getIds()), ints(encoding.getTypeIds()), 0, targets);
    }

    /** A piece of running text: all of its tokens and no special ones. */
    int[] piece(String text) {
        return ints(stream.encode(text, false, false).getIds());
    }

    /** The id that fills short rows; see {@link SpecialTokens}. */
    public long padding() {
        return padding;
    }

    private static int[] ints(long[] values) {
        return LongStream.of(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        rows.close();
        stream.close();
    }
}
