package io.fedfm.runtime.export;

import io.fedfm.runtime.deploy.OnnxFormat;
import io.fedfm.runtime.deploy.TrainedModel;
import io.fedfm.runtime.setup.PlannedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A model for ONNX Runtime with the files that lie beside the backbone's, so that the folder is a
 * model folder of its own.
 */
public final class OnnxExport implements AdapterFormat {
    private final OnnxFormat format;

    /** Writes models of this form. */
    public OnnxExport(OnnxFormat format) {
        this.format = format;
    }

    @Override
    public String name() {
        return format.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<String> write(TrainedRun run, ExportOptions options, Path folder)
            throws IOException {
        format.write(trained(run), folder);
        ModelFiles.copy(run.planned().model().directory(), run.labels(), folder);
        return format == OnnxFormat.ONNX_ADAPTER
                ? List.of(
                        OnnxFormat.MODEL
                                + " is the backbone until "
                                + OnnxFormat.ADAPTER
                                + " is activated, which holds the trained head too")
                : List.of();
    }

    private static TrainedModel trained(TrainedRun run) {
        PlannedModel planned = run.planned();
        return new TrainedModel(
                planned.model().folder().onnx(),
                planned.model().backbone(),
                planned.plan(),
                planned.objective(),
                TrainedModel.views(run.parameters()));
    }
}
