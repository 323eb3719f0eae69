package io.fedfm.runtime.run;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.ResolvedConfig;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.peft.Naming;
import io.fedfm.runtime.peft.PeftAdapter;
import io.fedfm.runtime.peft.PeftDirectory;
import io.fedfm.runtime.peft.PeftSettings;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.program.InitialParameters;
import io.fedfm.runtime.record.Checkpoint;
import io.fedfm.runtime.record.RunDirectory;
import io.fedfm.runtime.record.Sha256;
import io.fedfm.runtime.setup.PeftMethods;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.setup.PreparedModel;
import io.fedfm.runtime.setup.RunEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Takes in adapters of the PEFT library. */
public final class AdapterImporter implements AdapterImport {
    private static final Map<String, Task> TASKS =
            Map.of(
                    "SEQ_CLS", Task.SEQ_CLS,
                    "TOKEN_CLS", Task.TOKEN_CLS,
                    "CAUSAL_LM", Task.CAUSAL_LM,
                    "FEATURE_EXTRACTION", Task.SEQ_CLS,
                    "null", Task.SEQ_CLS,
                    "", Task.SEQ_CLS);

    private final Function<List<Path>, PluginRegistry> plugins;
    private final GeneratedModels generated;

    /**
     * Imports with plugins and models from here.
     *
     * @param plugins loads the installed plugins and those of further folders
     * @param generated makes models that are generated
     */
    public AdapterImporter(
            Function<List<Path>, PluginRegistry> plugins, GeneratedModels generated) {
        this.plugins = plugins;
        this.generated = generated;
    }

    @Override
    public ImportedRun make(Request request) {
        PeftDirectory adapter = PeftDirectory.open(request.adapter());
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("task", task(adapter).name());
        RunConfig bare = config(request, adapter, Map.of(), model);
        if (bare.federation().head().equals("local")) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "federation.head is local: an adapter has one head for all; import it with"
                            + " federation.head: shared");
        }
        PluginRegistry registry = plugins.apply(request.pluginFolders());
        try (BufferAllocator allocator = new RootAllocator();
                PreparedModel prepared = PreparedModel.open(bare.model(), bare.seed(), generated)) {
            Map<String, Object> settings =
                    PeftSettings.of(adapter, adapter.layout(allocator), prepared);
            int classes = adapter.classes(allocator);
            if (bare.model().task() == Task.SEQ_CLS) {
                model.put("pooling", pooling(adapter, prepared.backbone().outputs()));
            }
            if (bare.model().task() != Task.CAUSAL_LM && classes > 0) {
                model.put("num_labels", classes);
            }
            RunConfig config = config(request, adapter, settings, model);
            PlannedModel planned = planned(config, prepared, registry, allocator);
            try (ParameterVector parameters =
                    ParameterVector.zeros(allocator, planned.woven().layout())) {
                Seeds seeds = Seeds.of(config.seed());
                InitialParameters.fill(
                        planned.woven().trainables(),
                        name -> seeds.stream("initialisation", name),
                        parameters);
                adapter.restore(
                        PeftAdapter.of(planned, Naming.TRANSFORMERS4), parameters, allocator);
                Path folder = write(request, config, prepared, registry, parameters);
                boolean fresh = config.model().task() != Task.CAUSAL_LM && classes == 0;
                return new ImportedRun(folder, config.peft().type(), parameters.size(), fresh);
            }
        }
    }

    private static RunConfig config(
            Request request,
            PeftDirectory adapter,
            Map<String, Object> settings,
            Map<String, Object> model) {
        Map<String, Object> peft = new LinkedHashMap<>();
        peft.put("type", adapter.type().method());
        peft.putAll(settings);
        return request.reader().around(request.settings(), request.overrides(), peft, model);
    }

    private static Task task(PeftDirectory adapter) {
        String given = adapter.config().path("task_type").asText("");
        Task task = TASKS.get(given);
        if (task == null) {
            throw new FedFmException(
                    ErrorCode.ADAPTER_INVALID,
                    adapter.folder() + ": fedfm does not train for the task_type " + given);
        }
        return task;
    }

    /** The head that the adapter was trained with. */
    private static String pooling(PeftDirectory adapter, BackboneOutputs outputs) {
        if (!adapter.pooling().isEmpty()) {
            return adapter.pooling();
        }
        if (!outputs.logits().isEmpty() && !outputs.tokenLogits()) {
            return "head";
        }
        return outputs.pooled().isEmpty() ? "mean" : "pooler";
    }

    private static PlannedModel planned(
            RunConfig config,
            PreparedModel prepared,
            PluginRegistry registry,
            BufferAllocator allocator) {
        int classes = config.model().numLabels();
        if (config.model().task() != Task.CAUSAL_LM && classes == 0) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "the adapter has no head; say how many classes there are: -c"
                            + " model.num_labels=N");
        }
        return PlannedModel.of(
                config,
                prepared,
                prepared.plan(PeftMethods.create(config.peft(), registry)),
                classes,
                1,
                allocator);
    }

    private static Path write(
            Request request,
            RunConfig config,
            PreparedModel prepared,
            PluginRegistry registry,
            ParameterVector parameters) {
        List<PluginInfo> used = new ArrayList<>(PeftMethods.plugins(config.peft(), registry));
        used.add(registry.info(PluginKind.AGGREGATOR, config.federation().aggregator().type()));
        used.add(registry.info(PluginKind.COMPRESSOR, config.federation().compressor().type()));
        RunEnvironment environment =
                RunEnvironment.of(prepared.identity(), used, 1, 1, config.model().providers());
        RunDirectory directory =
                RunDirectory.create(
                        RunIds.fresh(request.runs(), config.peft().type()),
                        ResolvedConfig.yaml(config));
        directory.write(RunEnvironment.FILE, environment);
        directory
                .checkpoints()
                .save(
                        0,
                        config.seed(),
                        Sha256.of(directory.config()),
                        Map.of(Checkpoint.ADAPTER, parameters));
        return directory.folder();
    }
}
