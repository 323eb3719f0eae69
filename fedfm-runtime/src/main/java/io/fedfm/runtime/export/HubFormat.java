package io.fedfm.runtime.export;

import io.fedfm.runtime.peft.AdapterJson;
import io.fedfm.runtime.peft.HubAdapter;
import io.fedfm.runtime.peft.PeftDirectory;
import io.fedfm.runtime.peft.TensorMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Bottleneck adapters as AdapterHub lays them out: {@code --to adapterhub}. */
public final class HubFormat implements AdapterFormat {
    @Override
    public String name() {
        return "adapterhub";
    }

    @Override
    public List<String> write(TrainedRun run, ExportOptions options, Path folder)
            throws IOException {
        HubAdapter adapter = HubAdapter.of(run.planned());
        TensorMapping head = adapter.head();
        try (BufferAllocator allocator = new RootAllocator()) {
            PeftFormat.tensors(
                    adapter.tensors(), run, folder.resolve("adapter.safetensors"), allocator);
            if (!head.keys().isEmpty()) {
                PeftFormat.tensors(head, run, folder.resolve(PeftDirectory.HEAD), allocator);
            }
        }
        Files.writeString(
                folder.resolve("adapter_config.json"), AdapterJson.text(adapter.config()));
        Provenance.write(run, name(), options, folder);
        return head.keys().isEmpty()
                ? List.of()
                : List.of("head.safetensors has the trained head as fedfm names it");
    }
}
