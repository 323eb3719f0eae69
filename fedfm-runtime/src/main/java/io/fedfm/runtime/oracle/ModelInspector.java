package io.fedfm.runtime.oracle;

import java.nio.file.Path;

/** Looks into a backbone. */
@FunctionalInterface
public interface ModelInspector {
    /**
     * Looks.
     *
     * @param model an ONNX file or a model folder
     */
    ModelReport inspect(Path model);
}
