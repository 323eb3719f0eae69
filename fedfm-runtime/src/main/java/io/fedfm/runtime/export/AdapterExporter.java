package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import io.fedfm.runtime.record.Durable;
import io.fedfm.runtime.record.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Opens runs and has formats write them. */
public final class AdapterExporter implements AdapterExport {
    private final TrainedRuns runs;
    private final List<AdapterFormat> formats;

    /** Exports to these formats. */
    public AdapterExporter(TrainedRuns runs, List<AdapterFormat> formats) {
        this.runs = runs;
        this.formats = List.copyOf(formats);
    }

    @Override
    public ExportReport export(
            RunChoice choice, String format, ExportOptions options, Optional<Path> output) {
        AdapterFormat chosen = format(format);
        try (BufferAllocator allocator = new RootAllocator();
                TrainedRun run = runs.open(choice, allocator)) {
            Path folder = output.orElseGet(() -> within(run, format));
            if (Files.exists(folder)) {
                throw new FedFmException(
                        ErrorCode.SETTINGS_INVALID,
                        folder + " is there already; remove it, or choose another --output");
            }
            List<String> notes = new ArrayList<>();
            Durable.folder(folder, files -> notes.addAll(chosen.write(run, options, files)));
            return new ExportReport(run.id(), run.round(), format, folder, files(folder), notes);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "cannot write the export: " + Durable.reason(e), e);
        }
    }

    private AdapterFormat format(String name) {
        List<String> names = formats.stream().map(AdapterFormat::name).toList();
        return formats.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new FedFmException(
                                        ErrorCode.SETTINGS_INVALID,
                                        "--to '"
                                                + name
                                                + "' is no format; there are "
                                                + names
                                                + Nearest.to(name, new TreeSet<>(names))
                                                        .map(n -> "; did you mean '" + n + "'?")
                                                        .orElse("")));
    }

    private static Path within(TrainedRun run, String format) {
        return run.directory()
                .folder()
                .resolve("exports")
                .resolve(String.format("%s-round_%04d", format, run.round()));
    }

    private static List<ExportReport.File> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files =
                    all.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
            List<ExportReport.File> reports = new ArrayList<>();
            for (Path file : files) {
                reports.add(
                        new ExportReport.File(
                                folder.relativize(file).toString(),
                                Files.size(file),
                                Sha256.of(file)));
            }
            return reports;
        }
    }
}
