package io.fedfm.runtime.export;

import io.fedfm.runtime.peft.TorchTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * All trained tensors in one file: {@code --to safetensors}. Weights of the backbone have their
 * PyTorch names and layout, so that {@code load_state_dict(strict=False)} takes them.
 */
public final class PlainTensors implements AdapterFormat {
    static final String FILE = "adapter.safetensors";

    @Override
    public String name() {
        return "safetensors";
    }

    @Override
    public List<String> write(TrainedRun run, ExportOptions options, Path folder)
            throws IOException {
        TorchTensors tensors = TorchTensors.of(run.planned(), options.naming());
        try (BufferAllocator allocator = new RootAllocator()) {
            PeftFormat.tensors(tensors.mapping(), run, folder.resolve(FILE), allocator);
        }
        Provenance.write(run, name(), options, folder);
        return tensors.notes();
    }
}
