package io.fedfm.runtime.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A form in which other tools take what was trained. */
public interface AdapterFormat {
    /** What {@code --to} calls it. */
    String name();

    /**
     * Writes the files.
     *
     * @param run what was trained
     * @param options what was asked for
     * @param folder empty; where the files go
     * @return what the user should know of this export, a sentence each
     * @throws io.fedfm.api.FedFmException EXPORT_UNSUPPORTED if this format cannot hold what was
     *     trained
     */
    List<String> write(TrainedRun run, ExportOptions options, Path folder) throws IOException;
}
