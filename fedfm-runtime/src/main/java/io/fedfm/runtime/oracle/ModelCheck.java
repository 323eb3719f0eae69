package io.fedfm.runtime.oracle;

import java.nio.file.Path;
import java.util.List;

/** Proves the gradients of a backbone under some methods, at random non-zero parameters. */
@FunctionalInterface
public interface ModelCheck {
    /**
     * Checks.
     *
     * @param model an ONNX file or a model folder
     * @param methods names of PEFT methods; none for all that are installed
     * @param pluginFolders folders of plugin jars beside the built-in ones
     */
    CheckReport check(Path model, List<String> methods, List<Path> pluginFolders);
}
