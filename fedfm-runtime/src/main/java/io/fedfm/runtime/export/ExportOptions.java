package io.fedfm.runtime.export;

import io.fedfm.runtime.peft.Naming;
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
}
