package io.fedfm.api.peft;

import java.util.List;

/**
 * What a method may know of a frozen backbone.
 *
 * @param sites the places for modules, in the order of the data flow
 * @param weights the frozen weights that a method may promote to trainable parameters
 * @param tokens the tokenizer
 */
public record Backbone(List<Site> sites, List<WeightInfo> weights, TextTokens tokens) {
    /** Copies the lists. */
    public Backbone {
        sites = List.copyOf(sites);
        weights = List.copyOf(weights);
    }

    /** A backbone without tokenizer. */
    public Backbone(List<Site> sites, List<WeightInfo> weights) {
        this(sites, weights, TextTokens.none());
    }

    /** The same with a tokenizer. */
    public Backbone with(TextTokens tokenizer) {
        return new Backbone(sites, weights, tokenizer);
    }

    /**
     * A frozen weight.
     *
     * @param name its name in the graph
     * @param shape its dimensions
     * @param role {@code weight}, {@code bias}, {@code norm_weight}, {@code norm_bias}, {@code
     *     embedding}, {@code other}, or {@code quantized} for one that is not of floats and cannot
     *     be promoted
     * @param path its name in PyTorch ("encoder.layer.0.attention.self.query.weight"), or "" where
     *     the graph does not tell
     * @param transposed whether the graph keeps the transpose of that: exporters fold the [out, in]
     *     of a linear layer to [in, out]
     */
    public record WeightInfo(
            String name, List<Long> shape, String role, String path, boolean transposed) {
        /** Copies the shape. */
        public WeightInfo {
            shape = List.copyOf(shape);
        }

        /** A weight of which the graph tells no path. */
        public WeightInfo(String name, List<Long> shape, String role) {
            this(name, shape, role, "", false);
        }

        /** Whether it is a bias, of a norm too. */
        public boolean isBias() {
            return role.equals("bias")
                    || role.equals("norm_bias")
                    || role.equals("other") && (path.isEmpty() ? name : path).endsWith("bias");
        }

        /** The path of the module it belongs to, or "". */
        public String modulePath() {
            return path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        }
    }

    /** The sites of one kind. */
    public List<Site> sites(SiteKind kind) {
        return sites.stream().filter(site -> site.kind() == kind).toList();
    }
}
