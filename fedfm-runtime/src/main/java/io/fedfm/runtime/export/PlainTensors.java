package io.fedfm.runtime.export;

import io.fedfm.runtime.record.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** All trained tensors by the names that fedfm gives them: {@code --to safetensors}. */
public final class PlainTensors implements AdapterFormat {
    static final String FILE = "adapter.safetensors";

    @Override
    public String name() {
        return "safetensors";
    }

    @Override
    public List<String> write(TrainedRun run, ExportOptions options, Path folder)
            throws IOException {
        SafetensorsWriter.write(run.parameters(), folder.resolve(FILE));
        return List.of();
    }
}
