package io.fedfm.runtime.export;

import io.fedfm.runtime.config.ModelConfig.Pooling;
import io.fedfm.runtime.peft.PeftAdapter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The model card of an adapter: what it is, how it is loaded, and what does not fit its class. */
final class PeftCard {
    private static final Map<String, String> CLASSES =
            Map.of(
                    "SEQ_CLS", "AutoModelForSequenceClassification",
                    "CAUSAL_LM", "AutoModelForCausalLM",
                    "TOKEN_CLS", "AutoModelForTokenClassification",
                    "FEATURE_EXTRACTION", "AutoModel");

    private static final Map<Pooling, String> POOLED =
            Map.of(
                    Pooling.MEAN,
                            "(h * m[..., None]).sum(1) / m.sum(1, keepdim=True)  # mean of tokens",
                    Pooling.FIRST, "h[:, 0]  # first position",
                    Pooling.LAST,
                            "h[torch.arange(len(h)), m.sum(1) - 1]  # last token, padded on the"
                                    + " right",
                    Pooling.POOLER, "out.pooler_output",
                    Pooling.NONE, "h  # every position");

    private final TrainedRun run;
    private final PeftAdapter adapter;

    PeftCard(TrainedRun run, PeftAdapter adapter) {
        this.run = run;
        this.adapter = adapter;
    }

    /** What the user should know, a sentence each. */
    List<String> notes() {
        if (adapter.headAside().isEmpty()) {
            return List.of();
        }
        return List.of(
                "the head (a linear layer on model.pooling "
                        + run.config().model().pooling().name().toLowerCase(Locale.ROOT)
                        + ") is in head.safetensors: no class of the transformers library has it,"
                        + " so the adapter is one for AutoModel; README.md shows how to apply it");
    }

    /** Markdown with the front matter that model hubs read. */
    String text() {
        String base = adapter.config().get("base_model_name_or_path").toString();
        String task = adapter.config().get("task_type").toString();
        String kind = adapter.config().get("peft_type").toString();
        StringBuilder card = new StringBuilder();
        card.append("---\nbase_model: ").append(base);
        card.append("\nlibrary_name: peft\ntags:\n- fedfm\n- federated-learning\n---\n\n");
        card.append("# ").append(kind).append(" adapter of ").append(base).append("\n\n");
        card.append(
                String.format(
                        Locale.ROOT,
                        "Trained by fedfm, federated: run `%s`, round %d, method `%s`. `fedfm.json`"
                                + " has its seed and the hashes of all that made it.%n%n",
                        run.id(),
                        run.round(),
                        run.config().peft().type()));
        card.append("```python\nfrom peft import PeftModel\n");
        card.append("from transformers import ").append(CLASSES.get(task)).append("\n\n");
        card.append("base = ").append(CLASSES.get(task)).append(".from_pretrained(");
        card.append('"').append(base).append('"');
        if (task.endsWith("_CLS")) {
            card.append(", num_labels=").append(classes());
        }
        card.append(")\nmodel = PeftModel.from_pretrained(base, \"THIS_FOLDER\").eval()\n```\n");
        if (adapter.headAside().isPresent()) {
            card.append(head());
        }
        if (!run.labels().isEmpty()) {
            card.append("\n## Classes\n\n");
            for (int i = 0; i < run.labels().size(); i++) {
                card.append(i).append(". ").append(run.labels().get(i)).append('\n');
            }
        }
        return card.toString();
    }

    private String head() {
        return "\n## The head\n\n"
                + "It is a linear layer on pooled hidden states that no class of the transformers"
                + " library has, so it lies beside the adapter:\n\n"
                + "```python\nfrom safetensors.torch import load_file\nimport torch\n\n"
                + "head = load_file(\"THIS_FOLDER/head.safetensors\")\n"
                + "out = model(**batch)  # input_ids, attention_mask, ...\n"
                + "h, m = out.last_hidden_state, batch[\"attention_mask\"]\n"
                + "h, m = h, torch.nn.functional.pad(m, (h.shape[1] - m.shape[1], 0), value=1)"
                + "  # virtual tokens count\n"
                + "pooled = "
                + POOLED.getOrDefault(run.config().model().pooling(), "out.pooler_output")
                + "\nlogits = torch.nn.functional.linear(pooled, head[\"classifier.weight\"],"
                + " head[\"classifier.bias\"])\n```\n";
    }

    private long classes() {
        return run.labels().isEmpty() ? run.config().model().numLabels() : run.labels().size();
    }
}
