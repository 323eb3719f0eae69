package io.fedfm.runtime.data;

/** What a backbone reads: texts or images. */
public sealed interface ModelInputs permits InputNames, PixelInput {}
