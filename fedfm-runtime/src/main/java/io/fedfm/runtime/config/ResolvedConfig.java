package io.fedfm.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes settings as YAML with every default spelt out; reading it again gives the same. */
public final class ResolvedConfig {
    private static final ObjectMapper YAML =
            new ObjectMapper(
                    YAMLFactory.builder()
                            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                            .build());

    private ResolvedConfig() {}

    /** The YAML text; the same settings give the same text. */
    public static String yaml(RunConfig config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("seed", config.seed());
        tree.put("model", model(config.model()));
        tree.put("peft", peft(config.peft()));
        tree.put("data", data(config.data()));
        tree.put("federation", federation(config.federation()));
        tree.put("simulation", simulation(config.simulation()));
        tree.put("client", client(config.client()));
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings of maps and scalars cannot be written", e);
        }
    }

    /**
     * The section {@code peft} on one line, in YAML's flow style, without the braces of a single
     * method.
     */
    public static String peft(RunConfig config) {
        List<String> methods =
                config.peft().methods().stream()
                        .map(
                                method ->
                                        plugin(method).entrySet().stream()
                                                .map(s -> s.getKey() + ": " + s.getValue())
                                                .collect(Collectors.joining(", ")))
                        .toList();
        return methods.size() == 1
                ? methods.get(0)
                : methods.stream().collect(Collectors.joining("}, {", "[{", "}]"));
    }

    /** As it is given: a section for one method, a list for several. */
    private static Object peft(PeftConfig peft) {
        List<Map<String, Object>> methods =
                peft.methods().stream().map(ResolvedConfig::plugin).toList();
        return methods.size() == 1 ? methods.get(0) : methods;
    }

    private static Map<String, Object> model(ModelConfig model) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("path", model.path().toString());
        map.put("task", model.task().name());
        map.put("num_labels", model.numLabels());
        map.put("pooling", lower(model.pooling()));
        map.put("weights", model.weights());
        map.put("precision", model.precision());
        map.put("execution", lower(model.execution()));
        map.put("providers", model.providers());
        return map;
    }

    private static Map<String, Object> data(DataConfig data) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("source", data.source());
        if (data.source().equals(DataConfig.RANDOM_TOKENS)) {
            map.put("client_rows", data.clientRows());
        } else if (data.source().equals(DataConfig.FILE)) {
            map.put("path", data.path().toString());
            if (data.testPath() != null) {
                map.put("test_path", data.testPath().toString());
            }
        }
        map.put("text", data.text());
        map.put("label", data.label());
        if (!data.task().isEmpty()) {
            map.put("task", data.task());
        }
        if (!data.template().isEmpty()) {
            map.put("template", data.template());
            map.put("completion", data.completion());
        }
        if (!data.image().isEmpty()) {
            map.put("image", data.image());
        }
        map.put("max_length", data.maxLength());
        map.put("eval_fraction", data.evalFraction());
        map.put("evaluate", data.evaluate());
        map.put("partitioner", plugin(data.partitioner()));
        return map;
    }

    private static Map<String, Object> federation(FederationConfig federation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("num_rounds", federation.numRounds());
        int clients = federation.clientsPerRound();
        map.put("clients_per_round", clients == 0 ? "all" : clients);
        map.put("head", federation.head());
        map.put("aggregator", plugin(federation.aggregator()));
        map.put("compressor", plugin(federation.compressor()));
        return map;
    }

    private static Map<String, Object> simulation(RunConfig.Simulation simulation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("backend", simulation.backend());
        map.put("workers", simulation.workers());
        return map;
    }

    private static Map<String, Object> client(ClientConfig client) {
        ClientConfig.Optimizer given = client.optimizer();
        Map<String, Object> optimizer = new LinkedHashMap<>();
        optimizer.put("type", given.type());
        optimizer.put("lr", given.lr());
        optimizer.put("head_lr", given.headLr());
        optimizer.put("weight_decay", given.weightDecay());
        optimizer.put("beta1", given.beta1());
        optimizer.put("beta2", given.beta2());
        optimizer.put("eps", given.epsilon());
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("type", client.schedule().type());
        schedule.put("warmup_rounds", client.schedule().warmupRounds());
        schedule.put("min_factor", client.schedule().minFactor());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("local_epochs", client.localEpochs());
        map.put("batch_size", client.batchSize());
        map.put("optimizer", optimizer);
        map.put("schedule", schedule);
        map.put("max_grad_norm", client.maxGradNorm());
        map.put("gradient_checkpointing", client.gradientCheckpointing());
        return map;
    }

    private static Map<String, Object> plugin(PluginChoice choice) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", choice.type());
        map.putAll(choice.values());
        return map;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
