package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.deploy.OnnxFormat;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.peft.HubAdapter;
import io.fedfm.runtime.peft.Naming;
import io.fedfm.runtime.peft.PeftAdapter;
import io.fedfm.runtime.peft.PeftDirectory;
import io.fedfm.runtime.peft.TensorMapping;
import io.fedfm.runtime.peft.TorchTensors;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ModelSession;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.record.SafetensorsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/** Loads exports: a model by ONNX Runtime alone, tensors into parameters that are zero before. */
final class LoadedExports {
    private final TrainedRun run;
    private final Program program;
    private final BufferAllocator allocator;

    /** Loads exports of a run, whose program runs tensors. */
    LoadedExports(TrainedRun run, Program program, BufferAllocator allocator) {
        this.run = run;
        this.program = program;
        this.allocator = allocator;
    }

    /** Loads the export in a folder; owned by the caller. */
    LoadedExport load(Path export) {
        if (Files.isRegularFile(export.resolve(OnnxFormat.MODEL))) {
            return model(export);
        }
        boolean configured = Files.isRegularFile(export.resolve(PeftDirectory.CONFIG));
        Path tensors = export.resolve(PlainTensors.FILE);
        if (Files.isRegularFile(tensors)) {
            return configured
                    ? restored("adapter of AdapterHub", vector -> hub(export, vector))
                    : restored(PlainTensors.FILE, vector -> plain(tensors, vector));
        }
        if (configured) {
            PeftDirectory directory = PeftDirectory.open(export);
            return restored("adapter of PEFT", vector -> restore(directory, vector));
        }
        throw new FedFmException(
                ErrorCode.ADAPTER_INVALID,
                export
                        + " is no export that can be loaded: it has none of "
                        + OnnxFormat.MODEL
                        + ", "
                        + PeftDirectory.CONFIG
                        + " and "
                        + PlainTensors.FILE);
    }

    private static LoadedExport model(Path export) {
        Path file = export.resolve(OnnxFormat.ADAPTER);
        Optional<Path> adapter = Optional.of(file).filter(Files::isRegularFile);
        ModelSession session = new ModelSession(export.resolve(OnnxFormat.MODEL), adapter);
        String output = session.outputs().iterator().next();
        return new LoadedExport() {
            @Override
            public String description() {
                return OnnxFormat.MODEL + adapter.map(a -> " with " + a.getFileName()).orElse("");
            }

            @Override
            public Tensor logits(Batch batch) {
                return session.run(batch.feeds(), output);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private LoadedExport restored(String description, Consumer<ParameterVector> restore) {
        ParameterVector vector = ParameterVector.zeros(allocator, run.parameters().layout());
        try {
            restore.accept(vector);
            return parameters(description, vector);
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        }
    }

    /** Nothing in the folder says whose module names it has. */
    private void restore(PeftDirectory directory, ParameterVector vector) {
        try {
            restore(directory, Naming.TRANSFORMERS4, vector);
        } catch (FedFmException e) {
            try {
                restore(directory, Naming.TRANSFORMERS5, vector);
            } catch (FedFmException other) {
                e.addSuppressed(other);
                throw e;
            }
        }
    }

    private void restore(PeftDirectory directory, Naming naming, ParameterVector vector) {
        PeftAdapter adapter = PeftAdapter.of(run.planned(), naming);
        for (String source : adapter.tensors().sources()) {
            vector.floats(source).put(run.parameters().floats(source));
        }
        directory.restore(adapter, vector, allocator);
    }

    private void hub(Path export, ParameterVector vector) {
        HubAdapter adapter = HubAdapter.of(run.planned());
        adapter.check(export.resolve(PeftDirectory.CONFIG));
        read(export.resolve(PlainTensors.FILE), adapter.tensors(), vector);
        if (!adapter.head().keys().isEmpty()) {
            read(export.resolve(PeftDirectory.HEAD), adapter.head(), vector);
        }
    }

    private void plain(Path file, ParameterVector vector) {
        read(file, TorchTensors.of(run.planned(), Naming.TRANSFORMERS4).mapping(), vector);
    }

    private void read(Path file, TensorMapping mapping, ParameterVector vector) {
        try (ParameterVector tensors = SafetensorsReader.read(file, allocator)) {
            mapping.read(tensors, vector, file.toString());
        }
    }

    private LoadedExport parameters(String description, ParameterVector vector) {
        return new LoadedExport() {
            @Override
            public String description() {
                return description;
            }

            @Override
            public Tensor logits(Batch batch) {
                return program.logits(batch, vector);
            }

            @Override
            public void close() {
                vector.close();
            }
        };
    }
}
