package io.fedfm.runtime.export;

import java.util.Objects;

/**
 * What an export leaves open.
 *
 * @param naming whose module names are written
 */
public record ExportOptions(Naming naming) {
    /** Checks that there is a naming. */
    public ExportOptions {
        Objects.requireNonNull(naming, "naming is null");
    }

    /** The defaults. */
    public static ExportOptions defaults() {
        return new ExportOptions(Naming.TRANSFORMERS4);
    }

    /** Major version of the transformers library whose module names are written. */
    public enum Naming {
        TRANSFORMERS4,
        TRANSFORMERS5
    }
}
