package io.fedfm.runtime.run;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.config.DataConfig;
import io.fedfm.runtime.config.ModelConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.DataLoader;
import io.fedfm.runtime.data.FederatedData;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.ParameterCount;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.setup.PeftMethods;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.setup.PreparedModel;
import io.fedfm.runtime.setup.RunEnvironment;
import io.fedfm.runtime.weave.Trainable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Everything a run needs, loaded, checked and compiled before anything is written: what is wrong
 * with settings, plugins, model or data shows here, the cheap things first.
 */
final class Preparation implements AutoCloseable {
    private final RunConfig config;
    private final PluginRegistry plugins;
    private final ExecutionProviders providers;
    private final PreparedModel model;
    private final FederatedData data;
    private final List<String> tasks;
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
        checkRows(config);
        this.providers = new ExecutionProviders(settings.providers());
        PeftMethod method = PeftMethods.create(config.peft(), plugins);
        aggregator();
        compressor();
        this.model = PreparedModel.open(settings, config.seed(), generated);
        try {
            FrozenBackbone backbone = model.backbone();
            PeftPlan plan = model.plan(method);
            this.tasks = plan.tasks();
            this.data =
                    new DataLoader(
                                    config.data(),
                                    settings.task(),
                                    settings.numLabels(),
                                    Seeds.of(config.seed()))
                            .load(
                                    model.inputs(),
                                    model.directory(),
                                    vocabulary(backbone),
                                    plan.tasks());
            this.workers = Workers.of(config, clientsPerRound());
            PlannedModel planned =
                    PlannedModel.of(
                            config,
                            model,
                            plan,
                            data.labels().size(),
                            workers.threads(),
                            allocator);
            RowLengths.check(data, planned.compiler().longest(), plan.virtualTokens().count());
            this.trainables = planned.woven().trainables();
            ParameterCount count = ParameterCount.of(planned.woven(), model.backbone().graph());
            this.parameters = new RunSummary.ParameterCount(count.total(), count.trainable());
            this.program = program(planned.compiler());
        } catch (RuntimeException | Error e) {
            model.close();
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

    /** A new aggregator. */
    Aggregator aggregator() {
        return plugins.createAggregator(
                config.federation().aggregator().type(),
                config.federation().aggregator().settings());
    }

    /** For each client the number of rows of each task that the method tells apart. */
    List<Map<String, Long>> rowsOfTasks() {
        return data.clients().stream()
                .map(
                        client ->
                                client.stream()
                                        .collect(
                                                Collectors.groupingBy(
                                                        row -> tasks.get(row.task()),
                                                        Collectors.counting())))
                .toList();
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
        List<PluginInfo> used = new ArrayList<>(PeftMethods.plugins(config.peft(), plugins));
        used.add(plugins.info(PluginKind.AGGREGATOR, config.federation().aggregator().type()));
        used.add(plugins.info(PluginKind.COMPRESSOR, config.federation().compressor().type()));
        return RunEnvironment.of(
                model.identity(), used, workers.clients(), workers.threads(), providers.names());
    }

    private static int vocabulary(FrozenBackbone backbone) {
        return backbone.anatomy().backbone().sites(SiteKind.EMBEDDING).stream()
                .mapToInt(site -> (int) site.inputs())
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    private static void checkRows(RunConfig config) {
        if (config.data().source().equals(DataConfig.NONE)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.source is none: there is nothing to train on; to train an adapter on,"
                            + " import it with a file of settings: fedfm adapter import DIR"
                            + " FILE.yaml");
        }
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

    @Override
    public void close() {
        program.close();
        model.close();
    }
}
