package io.fedfm.api.compress;

import io.fedfm.api.Settings;

/** Makes a compressor from settings; found through {@link java.util.ServiceLoader}. */
public interface CompressorFactory {
    /** The name in {@code federation.compressor.type}. */
    String name();

    /** Return {@link io.fedfm.api.FedFmApi#VERSION}. */
    int apiVersion();

    /** Makes a compressor; settings that nobody reads are refused after this call. */
    Compressor create(Settings settings);
}
