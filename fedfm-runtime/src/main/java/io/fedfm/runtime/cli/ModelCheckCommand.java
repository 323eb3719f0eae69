package io.fedfm.runtime.cli;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.oracle.CheckReport;
import io.fedfm.runtime.oracle.ModelCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedfm model check}: whether the gradients that fedfm derives for a backbone are right. */
@Command(
        name = "check",
        description = {
            "Proves that a backbone can be trained: compares the loss and every gradient of the"
                    + " fused graph with the split one, with PyTorch's autograd and with central"
                    + " differences, at random parameters and inputs.",
            "Exits with 1 if a difference is out of bounds, or if nothing can be trained."
        })
final class ModelCheckCommand implements Callable<Integer> {
    private static final Set<ErrorCode> OF_THE_FILE =
            Set.of(
                    ErrorCode.FILE_UNREADABLE,
                    ErrorCode.MODEL_INVALID,
                    ErrorCode.MODEL_UNSUPPORTED,
                    ErrorCode.OPERATOR_UNSUPPORTED);

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description =
                    "An ONNX file, or a folder with model.onnx. Several come to one table, with"
                            + " the largest error of each method.")
    List<Path> models;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "A PEFT method to check with; may be repeated (default: all there are).")
    List<String> methods = List.of();

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Also writes the table of several backbones.")
    Path markdown;

    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;

    private final ModelCheck check;
    private final Console console;

    ModelCheckCommand(ModelCheck check, Console console) {
        this.check = check;
        this.console = console;
    }

    @Override
    public Integer call() {
        boolean ok = models.size() == 1 && markdown == null ? one(models.get(0)) : several();
        console.out().flush();
        return ok ? 0 : 1;
    }

    private boolean one(Path model) {
        CheckReport report = check.check(model, methods, plugins.folders);
        console.out()
                .print(
                        format.value == Format.TEXT
                                ? CheckText.of(report)
                                : Json.line(CheckJson.of(report)) + "\n");
        return report.ok();
    }

    /** A file that cannot be used does not end the check of the others. */
    private boolean several() {
        CheckMatrix matrix = new CheckMatrix();
        for (Path model : models) {
            console.err().println(model);
            try {
                matrix.add(model, check.check(model, methods, plugins.folders));
            } catch (FedFmException e) {
                if (!OF_THE_FILE.contains(e.code())) {
                    throw e;
                }
                matrix.addRefused(model, e.getMessage());
            }
        }
        if (markdown != null) {
            matrix.writeMarkdown(markdown);
        }
        console.out()
                .print(
                        format.value == Format.TEXT
                                ? matrix.text()
                                : Json.line(matrix.json()) + "\n");
        return matrix.ok();
    }
}
