package io.fedfm.runtime.objective;

/**
 * The values an objective gives.
 *
 * @param loss float scalar: the mean over the labels that count
 * @param labels float scalar: how many labels count
 * @param correct float scalar: how many of them the most likely class equals
 * @param logits [rows, classes] or [rows, length, vocabulary]
 * @param predicted int64 [rows, length]: the most likely class of each token that has a label; ""
 *     where nobody asks for more than {@code correct}
 */
public record Terms(String loss, String labels, String correct, String logits, String predicted) {
    /** Values without the predicted classes. */
    public Terms(String loss, String labels, String correct, String logits) {
        this(loss, labels, correct, logits, "");
    }

    /** The same with the predicted classes. */
    public Terms withPredicted(String value) {
        return new Terms(loss, labels, correct, logits, value);
    }
}
