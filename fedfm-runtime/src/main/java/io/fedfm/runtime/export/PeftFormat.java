package io.fedfm.runtime.export;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.peft.AdapterJson;
import io.fedfm.runtime.peft.PeftAdapter;
import io.fedfm.runtime.peft.PeftDirectory;
import io.fedfm.runtime.peft.TensorMapping;
import io.fedfm.runtime.record.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** An adapter as the PEFT library saves and loads it: {@code --to peft}. */
public final class PeftFormat implements AdapterFormat {
    @Override
    public String name() {
        return "peft";
    }

    @Override
    public List<String> write(TrainedRun run, ExportOptions options, Path folder)
            throws IOException {
        PeftAdapter adapter = PeftAdapter.of(run.planned(), options.naming());
        try (BufferAllocator allocator = new RootAllocator()) {
            tensors(adapter.tensors(), run, folder.resolve(PeftDirectory.TENSORS), allocator);
            if (adapter.headAside().isPresent()) {
                Path head = folder.resolve(PeftDirectory.HEAD);
                tensors(adapter.headAside().get(), run, head, allocator);
            }
        }
        Files.writeString(folder.resolve(PeftDirectory.CONFIG), AdapterJson.text(adapter.config()));
        PeftCard card = new PeftCard(run, adapter);
        Files.writeString(folder.resolve("README.md"), card.text());
        Provenance.write(run, name(), options, folder);
        return card.notes();
    }

    static void tensors(TensorMapping mapping, TrainedRun run, Path file, BufferAllocator allocator)
            throws IOException {
        try (ParameterVector tensors = mapping.write(run.parameters(), allocator)) {
            SafetensorsWriter.write(tensors, file);
        }
    }
}
