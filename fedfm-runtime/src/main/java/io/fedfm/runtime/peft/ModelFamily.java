package io.fedfm.runtime.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the transformers library calls the modules of a family of models.
 *
 * @param prefix the attribute of a model with a head that holds the model without ("bert")
 * @param paths role to path in the model without head, {@code %d} the block, for each naming
 * @param fanInFanOut whether its linear layers keep weights as [in, out] (Conv1D)
 * @param poolerHead whether its sequence classification is a linear layer on the pooler's output
 */
record ModelFamily(
        String prefix,
        Map<Naming, Map<String, String>> paths,
        boolean fanInFanOut,
        boolean poolerHead) {
    private static final Map<String, ModelFamily> KNOWN = known();

    /** The family of a {@code model_type}; empty if it is none of those known. */
    static Optional<ModelFamily> of(String modelType) {
        return Optional.ofNullable(KNOWN.get(modelType));
    }

    /** The names of all families. */
    static Set<String> names() {
        return KNOWN.keySet();
    }

    /** The path of the module with a role in a block; empty if the family has none. */
    Optional<String> path(Naming naming, String role, int block) {
        return Optional.ofNullable(paths.get(naming).get(role)).map(p -> String.format(p, block));
    }

    /**
     * The path without the prefix of the model that has a head, and without what stands before it
     * where a module of the exporter's own was wrapped around the model.
     */
    String bare(String path) {
        int start = ("." + path).lastIndexOf("." + prefix + ".");
        return prefix.isEmpty() || start < 0 ? path : path.substring(start + prefix.length() + 1);
    }

    /** The path in the model that has a head. */
    String full(String bare) {
        return prefix.isEmpty() ? bare : prefix + "." + bare;
    }

    private static Map<String, ModelFamily> known() {
        Map<String, ModelFamily> all = new LinkedHashMap<>();
        Map<String, String> bert =
                roles(
                        "encoder.layer.%d.",
                        "q=attention.self.query k=attention.self.key v=attention.self.value"
                                + " o=attention.output.dense up=intermediate.dense"
                                + " down=output.dense");
        all.put("bert", new ModelFamily("bert", both(bert), false, true));
        for (String roberta : new String[] {"roberta", "xlm-roberta", "camembert"}) {
            all.put(roberta, new ModelFamily("roberta", both(bert), false, false));
        }
        all.put("electra", new ModelFamily("electra", both(bert), false, false));
        all.put(
                "distilbert",
                plain(
                        "distilbert",
                        "transformer.layer.%d.",
                        "q=attention.q_lin k=attention.k_lin v=attention.v_lin o=attention.out_lin"
                                + " up=ffn.lin1 down=ffn.lin2"));
        all.put(
                "gpt2",
                new ModelFamily(
                        "transformer",
                        both(
                                roles(
                                        "h.%d.",
                                        "qkv=attn.c_attn q=attn.c_attn k=attn.c_attn"
                                                + " v=attn.c_attn o=attn.c_proj up=mlp.c_fc"
                                                + " down=mlp.c_proj")),
                        true,
                        false));
        all.put(
                "gpt_neo",
                plain(
                        "transformer",
                        "h.%d.",
                        "q=attn.attention.q_proj k=attn.attention.k_proj v=attn.attention.v_proj"
                                + " o=attn.attention.out_proj up=mlp.c_fc down=mlp.c_proj"));
        all.put(
                "gpt_neox",
                plain(
                        "gpt_neox",
                        "layers.%d.",
                        "qkv=attention.query_key_value o=attention.dense"
                                + " up=mlp.dense_h_to_4h down=mlp.dense_4h_to_h"));
        all.put(
                "opt",
                plain(
                        "model",
                        "decoder.layers.%d.",
                        "q=self_attn.q_proj k=self_attn.k_proj v=self_attn.v_proj"
                                + " o=self_attn.out_proj up=fc1 down=fc2"));
        for (String llama :
                new String[] {"llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "smollm3"}) {
            all.put(
                    llama,
                    plain(
                            "model",
                            "layers.%d.",
                            "q=self_attn.q_proj k=self_attn.k_proj v=self_attn.v_proj"
                                    + " o=self_attn.o_proj gate=mlp.gate_proj up=mlp.up_proj"
                                    + " down=mlp.down_proj"));
        }
        all.put("vit", vit());
        return all;
    }

    private static ModelFamily vit() {
        Map<String, String> four =
                roles(
                        "encoder.layer.%d.",
                        "q=attention.attention.query k=attention.attention.key"
                                + " v=attention.attention.value o=attention.output.dense"
                                + " up=intermediate.dense down=output.dense");
        Map<String, String> five =
                roles(
                        "layers.%d.",
                        "q=attention.q_proj k=attention.k_proj v=attention.v_proj"
                                + " o=attention.o_proj up=mlp.fc1 down=mlp.fc2");
        return new ModelFamily(
                "vit",
                Map.of(Naming.TRANSFORMERS4, four, Naming.TRANSFORMERS5, five),
                false,
                false);
    }

    private static ModelFamily plain(String prefix, String layer, String roles) {
        return new ModelFamily(prefix, both(roles(layer, roles)), false, false);
    }

    private static Map<Naming, Map<String, String>> both(Map<String, String> paths) {
        return Map.of(Naming.TRANSFORMERS4, paths, Naming.TRANSFORMERS5, paths);
    }

    private static Map<String, String> roles(String layer, String list) {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String entry : list.split(" ")) {
            String[] parts = entry.split("=");
            paths.put(parts[0], layer + parts[1]);
        }
        return paths;
    }
}
