package io.fedfm.runtime.export;

import java.nio.file.Path;
import java.util.Optional;

/** Writes what a run trained in the format of another tool. */
@FunctionalInterface
public interface AdapterExport {
    /**
     * Writes a folder, whole or not at all.
     *
     * @param choice whose parameters
     * @param format name of the format
     * @param options what the format leaves open
     * @param output the folder to make, or nothing for one in the run's folder
     * @throws io.fedfm.api.FedFmException if the run cannot be opened, the format is unknown or
     *     cannot hold what was trained, or the folder is there already
     */
    ExportReport export(
            RunChoice choice, String format, ExportOptions options, Optional<Path> output);
}
