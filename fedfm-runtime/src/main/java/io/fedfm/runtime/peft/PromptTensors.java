package io.fedfm.runtime.peft;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.setup.PlannedModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Virtual tokens as PEFT keeps them: one tensor {@code prompt_embeddings}, a row for each token.
 */
final class PromptTensors {
    private static final String KEY = "prompt_embeddings";

    private final PlannedModel planned;
    private final List<Attachment> attachments;
    private final Anatomy.Positions positions;

    PromptTensors(PlannedModel planned) {
        this.planned = planned;
        this.attachments = planned.plan().attachments();
        this.positions = planned.model().backbone().anatomy().positions();
    }

    /** Embeddings before the words. */
    Map<String, Object> addPrompt(TensorMapping mapping, long heads, long layers) {
        Attachment attachment = attachments.get(0);
        ParameterSpec spec = attachment.module().parameters().get(0);
        mapping.same(attachment.site().name() + "." + spec.name(), KEY, spec.shape());
        Map<String, Object> settings = tokens(spec.shape()[0], spec.shape()[1], heads, layers);
        settings.put("prompt_tuning_init", "RANDOM");
        settings.put("prompt_tuning_init_text", null);
        settings.put("tokenizer_name_or_path", null);
        return settings;
    }

    /**
     * Keys and values for each layer: token by token, then layer by layer, keys before values, head
     * by head.
     *
     * @throws FedFmException EXPORT_UNSUPPORTED if some layers have no prefix, or positions were
     *     not moved
     */
    Map<String, Object> addPrefix(TensorMapping mapping, int blocks) {
        requireMoved();
        List<Attachment> layers =
                attachments.stream()
                        .sorted(Comparator.comparingInt(a -> a.site().block()))
                        .toList();
        if (layers.size() != blocks) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "PEFT's prefix is one of all "
                            + blocks
                            + " layers, and "
                            + layers.size()
                            + " have one here");
        }
        Site site = layers.get(0).site();
        int heads = Math.toIntExact(site.keyValueHeads());
        int size = Math.toIntExact(site.inputs());
        int width = layers.size() * 2 * heads * size;
        boolean plain = layers.get(0).module().parameters().get(0).name().equals("prefix_key");
        int tokens = planned.plan().virtualTokens().count();
        Map<String, Object> settings = tokens(tokens, (long) heads * size, heads, layers.size());
        settings.put("prefix_projection", !plain);
        if (plain) {
            addKeysAndValues(mapping, layers, tokens, width);
            settings.put("encoder_hidden_size", (long) heads * size);
        } else {
            settings.put("encoder_hidden_size", addProjected(mapping, layers, tokens, width));
        }
        return settings;
    }

    private static void addKeysAndValues(
            TensorMapping mapping, List<Attachment> layers, int tokens, int width) {
        int size = Math.toIntExact(layers.get(0).site().inputs());
        int heads = Math.toIntExact(layers.get(0).site().keyValueHeads());
        for (int layer = 0; layer < layers.size(); layer++) {
            Site site = layers.get(layer).site();
            for (int kind = 0; kind < 2; kind++) {
                int group = layer * 2 + kind;
                mapping.part(
                        site.name() + (kind == 0 ? ".prefix_key" : ".prefix_value"),
                        KEY,
                        i -> {
                            int head = i / (tokens * size);
                            int token = i / size % tokens;
                            return token * width + (group * heads + head) * size + i % size;
                        },
                        tokens,
                        width);
            }
        }
    }

    /** The inner width of the network. PEFT loads the prefixes it makes, for inference. */
    private static long addProjected(
            TensorMapping mapping, List<Attachment> layers, int tokens, int width) {
        long inner = layers.get(0).module().parameters().get(0).shape()[1];
        List<String> sites = layers.stream().map(layer -> layer.site().name()).toList();
        PrefixProjection projection = new PrefixProjection(sites, tokens, Math.toIntExact(inner));
        mapping.computed(KEY, projection.parameters(), projection::values, tokens, width);
        return inner;
    }

    /** PEFT moves the positions of real tokens. */
    private void requireMoved() {
        if (!positions.complete()) {
            throw new FedFmException(
                    ErrorCode.EXPORT_UNSUPPORTED,
                    "with a prefix PEFT moves the positions of real tokens, which fedfm could not in this graph ('"
                            + positions.unmoved()
                            + "' seems to hold them): the adapter would give other results there; export to onnx");
        }
    }

    private static Map<String, Object> tokens(long count, long width, long heads, long layers) {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("num_virtual_tokens", count);
        settings.put("token_dim", width);
        settings.put("num_attention_heads", heads);
        settings.put("num_layers", layers);
        settings.put("num_transformer_submodules", 1);
        return settings;
    }
}
