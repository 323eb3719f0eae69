package io.fedfm.runtime.run;

import io.fedfm.runtime.config.ConfigReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes a run, in round 0, of an adapter that was trained elsewhere. */
@FunctionalInterface
public interface AdapterImport {
    /**
     * Makes the folder of a run.
     *
     * @throws io.fedfm.api.FedFmException ADAPTER_INVALID if the adapter is damaged, of an unknown
     *     kind, or does not fit the model; before anything is written
     */
    ImportedRun make(Request request);

    /**
     * What to import.
     *
     * @param adapter the folder of the adapter
     * @param reader of settings
     * @param settings a file of settings, to train on; its section {@code peft} is the adapter's
     * @param overrides settings over the file's; {@code model.path} if there is no file
     * @param runs the folder that run folders are made in
     * @param pluginFolders folders of plugin jars beside the built-in ones
     */
    record Request(
            Path adapter,
            ConfigReader reader,
            Optional<Path> settings,
            List<String> overrides,
            Path runs,
            List<Path> pluginFolders) {}

    /**
     * What was made.
     *
     * @param folder of the run
     * @param method that the adapter is of
     * @param parameters how many it has, the head included
     * @param freshHead whether the adapter has no head, so that one starts at random
     */
    record ImportedRun(Path folder, String method, long parameters, boolean freshHead) {}
}
