package io.fedfm.runtime.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The section {@code model}.
 *
 * @param path an ONNX file, or a folder with {@code model.onnx}
 * @param task what is learnt
 * @param numLabels classes, for {@link Task#SEQ_CLS}; 0 to count the labels of the data
 * @param pooling how hidden states become one vector
 * @param weights {@code pretrained}, or {@code random} for the control experiment
 * @param precision {@code fp32}
 * @param execution {@code fused} or {@code split}
 * @param providers execution providers in order of preference
 */
public record ModelConfig(
        Path path,
        Task task,
        int numLabels,
        Pooling pooling,
        String weights,
        String precision,
        Execution execution,
        List<String> providers) {
    /** What is learnt; the names of the PEFT library. */
    public enum Task {
        SEQ_CLS,
        CAUSAL_LM
    }

    /**
     * How hidden states become one vector for the head; {@code HEAD} trains the graph's own head
     * instead.
     */
    public enum Pooling {
        MEAN,
        FIRST,
        LAST,
        POOLER,
        HEAD
    }

    /** Where the modules run. */
    public enum Execution {
        FUSED,
        SPLIT
    }
}
