package io.fedfm.plugin.prompt;

import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes the prompt [P, hidden] over the first P rows of the embeddings [batch, P + length,
 * hidden], which the runtime made room for.
 */
final class PromptModule implements PeftModule {
    private static final String PROMPT = "prompt_embeddings";

    private final int tokens;
    private final int[] start;
    private final List<ParameterSpec> parameters;

    /**
     * A prompt.
     *
     * @param tokens P
     * @param hidden the width of embeddings
     * @param start the ids of P words that it starts from; none for standard normal numbers
     */
    PromptModule(int tokens, long hidden, int[] start) {
        this.tokens = tokens;
        this.start = start.clone();
        this.parameters =
                List.of(
                        new ParameterSpec(
                                PROMPT, new long[] {tokens, hidden}, Initializer.normal(1)));
    }

    @Override
    public List<ParameterSpec> parameters() {
        return parameters;
    }

    @Override
    public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
        T embedded = site.output();
        // Zero times the placeholders' rows repeats the prompt for each row of the batch.
        T rows = ops.scale(ops.slice(embedded, 1, 0, tokens), 0);
        T words = ops.slice(embedded, 1, tokens, Integer.MAX_VALUE);
        return ops.concat(1, List.of(ops.add(rows, p.get(PROMPT)), words));
    }

    @Override
    public <T> Optional<T> initial(String parameter, TensorOps<T> ops, SiteTensors<T> site) {
        if (start.length == 0) {
            return Optional.empty();
        }
        T table = site.tensor("weight");
        return Optional.of(
                ops.concat(
                        0,
                        Arrays.stream(start)
                                .mapToObj(id -> ops.slice(table, 0, id, id + 1L))
                                .toList()));
    }
}
