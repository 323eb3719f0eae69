package io.fedfm.runtime.run;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.config.ModelConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.DataLoader;
import io.fedfm.runtime.data.FederatedData;
import io.fedfm.runtime.data.InputNames;
import io.fedfm.runtime.data.TextTokenizer;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.CacheFolder;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.InputRole;
import io.fedfm.runtime.graph.ModelFolder;
import io.fedfm.runtime.graph.RandomWeights;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.ParameterCount;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.Trainable;
import io.fedfm.runtime.weave.WovenGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Everything a run needs, loaded, checked and compiled before anything is written: what is wrong
 * with settings, plugins, model or data shows here, the cheap things first.
 */
final class Preparation implements AutoCloseable {
    private final RunConfig config;
    private final PluginRegistry plugins;
    private final ExecutionProviders providers;
    private final Aggregator aggregator;
    private final ModelFolder model;
    private final InputNames inputs;
    private final FederatedData data;
    private final FrozenBackbone backbone;
    private final Workers workers;
    private final List<Trainable> trainables;
    private final RunSummary.ParameterCount parameters;
    private final Program program;

    Preparation(
            RunConfig config,
            PluginRegistry plugins,
            GeneratedModels generated,
            BufferAllocator allocator) {
        this.config = config;
        this.plugins = plugins;
        ModelConfig settings = config.model();
        checkBackend(config);
        this.providers = new ExecutionProviders(settings.providers());
        PeftMethod method = plugins.createMethod(config.peft().type(), config.peft().settings());
        this.aggregator =
                plugins.createAggregator(
                        config.federation().aggregator().type(),
                        config.federation().aggregator().settings());
        compressor();
        this.model = ModelFolder.open(generated.prepare(settings.path()));
        Graph read = model.read();
        this.inputs = inputs(read);
        Seeds seeds = Seeds.of(config.seed());
        Graph graph =
                settings.weights().equals("random")
                        ? RandomWeights.draw(read, seeds.value("random-weights"))
                        : read;
        this.backbone = FrozenBackbone.of(graph, CacheFolder.standard());
        try {
            Path folder = model.onnx().toAbsolutePath().getParent();
            Backbone seen = backbone.anatomy().backbone().with(TextTokenizer.tokens(folder));
            PeftPlan plan = method.plan(seen);
            this.data =
                    new DataLoader(config.data(), settings.task(), settings.numLabels(), seeds)
                            .load(folder, vocabulary());
            this.workers = Workers.of(config, clientsPerRound());
            Objective objective = Objectives.of(settings, backbone.outputs(), data.labels().size());
            ProgramCompiler compiler =
                    new ProgramCompiler(
                            backbone, plan, objective, providers, workers.threads(), allocator);
            RowLengths.check(data, compiler.longest(), plan.virtualTokens().count());
            WovenGraph woven = compiler.inline();
            this.trainables = woven.trainables();
            ParameterCount count = ParameterCount.of(woven);
            this.parameters = new RunSummary.ParameterCount(count.total(), count.trainable());
            this.program = program(compiler);
        } catch (RuntimeException | Error e) {
            backbone.close();
            throw e;
        }
    }

    private Program program(ProgramCompiler compiler) {
        boolean recomputing = config.client().gradientCheckpointing();
        if (config.model().execution() != ModelConfig.Execution.SPLIT) {
            return recomputing ? compiler.recomputing() : compiler.fused();
        }
        if (recomputing) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "client.gradient_checkpointing works with model.execution: fused only");
        }
        return compiler.split();
    }

    /** A compressor of its own for each client, and one for the server. */
    Compressor compressor() {
        return plugins.createCompressor(
                config.federation().compressor().type(),
                config.federation().compressor().settings());
    }

    Aggregator aggregator() {
        return aggregator;
    }

    InputNames inputs() {
        return inputs;
    }

    FederatedData data() {
        return data;
    }

    Program program() {
        return program;
    }

    Workers workers() {
        return workers;
    }

    List<Trainable> trainables() {
        return trainables;
    }

    /** Clients that train in a round. */
    int clientsPerRound() {
        int all = data.clients().size();
        int wanted = config.federation().clientsPerRound();
        if (wanted > all) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "federation.clients_per_round is "
                            + wanted
                            + ", but there are only "
                            + all
                            + " clients");
        }
        return wanted == 0 ? all : wanted;
    }

    RunSummary.ParameterCount parameters() {
        return parameters;
    }

    RunEnvironment environment() {
        List<PluginInfo> used =
                List.of(
                        plugins.info(PluginKind.PEFT, config.peft().type()),
                        plugins.info(
                                PluginKind.AGGREGATOR, config.federation().aggregator().type()),
                        plugins.info(
                                PluginKind.COMPRESSOR, config.federation().compressor().type()));
        return RunEnvironment.of(
                new RunEnvironment.Backbone(model.onnx().toString(), model.sha256()),
                used,
                workers,
                providers.names());
    }

    private int vocabulary() {
        return backbone.anatomy().backbone().sites(SiteKind.EMBEDDING).stream()
                .mapToInt(site -> (int) site.inputs())
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    private static void checkBackend(RunConfig config) {
        if (!config.simulation().backend().equals("threads")) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "simulation.backend must be threads, was '"
                            + config.simulation().backend()
                            + "'");
        }
    }

    private static InputNames inputs(Graph graph) {
        Map<String, InputRole> roles = InputRole.of(graph);
        if (!roles.containsValue(InputRole.TOKENS)) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "the backbone takes no token ids (its inputs are "
                            + roles.keySet()
                            + "); runs are on texts");
        }
        return new InputNames(
                name(roles, InputRole.TOKENS),
                name(roles, InputRole.MASK),
                name(roles, InputRole.TYPES),
                name(roles, InputRole.POSITIONS));
    }

    private static String name(Map<String, InputRole> roles, InputRole role) {
        return roles.entrySet().stream()
                .filter(input -> input.getValue() == role)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        program.close();
        backbone.close();
    }
}
