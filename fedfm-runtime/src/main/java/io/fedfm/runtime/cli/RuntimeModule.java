package io.fedfm.runtime.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import io.fedfm.runtime.data.TextTokenizer;
import io.fedfm.runtime.deploy.OnnxFormat;
import io.fedfm.runtime.export.AdapterExport;
import io.fedfm.runtime.export.AdapterExporter;
import io.fedfm.runtime.export.AdapterVerification;
import io.fedfm.runtime.export.ExportVerifier;
import io.fedfm.runtime.export.HubFormat;
import io.fedfm.runtime.export.OnnxExport;
import io.fedfm.runtime.export.PeftFormat;
import io.fedfm.runtime.export.PlainTensors;
import io.fedfm.runtime.export.TrainedRuns;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.graph.CacheFolder;
import io.fedfm.runtime.oracle.BackboneCheck;
import io.fedfm.runtime.oracle.ModelCheck;
import io.fedfm.runtime.oracle.ModelInspector;
import io.fedfm.runtime.oracle.StructuralInspector;
import io.fedfm.runtime.run.AdapterImport;
import io.fedfm.runtime.run.AdapterImporter;
import io.fedfm.runtime.run.FederatedRun;
import io.fedfm.runtime.run.RunService;
import java.util.List;

/** The runtime behind the commands: the one place that says what is made of what. */
final class RuntimeModule extends AbstractModule {
    private final InstalledPlugins plugins;

    RuntimeModule(InstalledPlugins plugins) {
        this.plugins = plugins;
    }

    @Provides
    RunService runs() {
        return new FederatedRun(plugins::load, GeneratedModels.inUserCache());
    }

    @Provides
    ModelCheck check() {
        return new BackboneCheck(
                GeneratedModels.inUserCache(),
                CacheFolder.standard(),
                plugins::load,
                TextTokenizer::tokens);
    }

    @Provides
    AdapterImport adapterImport() {
        return new AdapterImporter(plugins::load, GeneratedModels.inUserCache());
    }

    @Provides
    AdapterExport export() {
        return new AdapterExporter(
                new TrainedRuns(plugins::load, GeneratedModels.inUserCache()),
                List.of(
                        new PeftFormat(),
                        new HubFormat(),
                        new PlainTensors(),
                        new OnnxExport(OnnxFormat.ONNX),
                        new OnnxExport(OnnxFormat.MERGED_ONNX),
                        new OnnxExport(OnnxFormat.ONNX_ADAPTER)));
    }

    @Provides
    AdapterVerification verification() {
        return new ExportVerifier(new TrainedRuns(plugins::load, GeneratedModels.inUserCache()));
    }

    @Provides
    ModelInspector inspector() {
        return new StructuralInspector(GeneratedModels.inUserCache());
    }

    @Provides
    PluginCatalog catalog() {
        return folders -> plugins.load(folders).plugins();
    }
}
