package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.runtime.config.ConfigReader;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.foundation.GeneratedModels;
import io.fedfm.runtime.plugin.PluginRegistry;
import io.fedfm.runtime.record.Checkpoint;
import io.fedfm.runtime.record.CheckpointStore;
import io.fedfm.runtime.record.RunDirectory;
import io.fedfm.runtime.setup.PeftMethods;
import io.fedfm.runtime.setup.PreparedModel;
import io.fedfm.runtime.setup.RunEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/** Opens the folders of runs, with the plugins and models of this installation. */
public final class TrainedRuns {
    private final Function<List<Path>, PluginRegistry> plugins;
    private final GeneratedModels generated;

    /**
     * Opens with plugins and models from here.
     *
     * @param plugins loads the installed plugins and those of further folders
     * @param generated makes models that are generated
     */
    public TrainedRuns(Function<List<Path>, PluginRegistry> plugins, GeneratedModels generated) {
        this.plugins = plugins;
        this.generated = generated;
    }

    /**
     * Opens a run: its backbone, plan and objective as it had them, and the parameters of a
     * checkpoint. Its data is not needed.
     *
     * @param choice which run and which of its parameters
     * @param allocator of the parameters
     * @return owned by the caller
     * @throws FedFmException CHECKPOINT_INVALID if it is no run, has no such checkpoint, or was
     *     made with another backbone or another plugin than are here now
     */
    public TrainedRun open(RunChoice choice, BufferAllocator allocator) {
        RunDirectory directory = RunDirectory.look(choice.folder());
        RunConfig config =
                new ConfigReader(choice.folder()).recorded(directory.configFile().toAbsolutePath());
        Checkpoint checkpoint = checkpoint(directory, choice);
        PluginRegistry registry = plugins.apply(choice.pluginFolders());
        PeftMethod method = PeftMethods.create(config.peft(), registry);
        PreparedModel model = PreparedModel.open(config.model(), config.seed(), generated);
        try {
            RunEnvironment environment = recorded(directory);
            RunEnvironment.of(
                            model.identity(),
                            PeftMethods.plugins(config.peft(), registry),
                            1,
                            1,
                            List.of())
                    .checkResumes(environment, directory.folder());
            return TrainedRun.of(
                    directory, config, checkpoint, environment, model, method, choice, allocator);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static Checkpoint checkpoint(RunDirectory directory, RunChoice choice) {
        CheckpointStore store = directory.checkpoints();
        return choice.round().isPresent()
                ? store.of(choice.round().getAsInt())
                : store.latest()
                        .orElseThrow(
                                () ->
                                        new FedFmException(
                                                ErrorCode.CHECKPOINT_INVALID,
                                                directory.folder()
                                                        + " has no checkpoint: no round of it was"
                                                        + " finished"));
    }

    private static RunEnvironment recorded(RunDirectory directory) {
        return directory
                .read(RunEnvironment.FILE, RunEnvironment.class)
                .orElseThrow(
                        () ->
                                new FedFmException(
                                        ErrorCode.CHECKPOINT_INVALID,
                                        directory.folder() + " has no " + RunEnvironment.FILE));
    }
}
