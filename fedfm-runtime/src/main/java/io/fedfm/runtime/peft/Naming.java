package io.fedfm.runtime.peft;

/** Major version of the transformers library whose module names are written. */
public enum Naming {
    TRANSFORMERS4,
    TRANSFORMERS5
}
