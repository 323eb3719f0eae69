package io.fedfm.plugin.none;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.compress.CompressorFactory;

/** Makes the compressor that does nothing: {@code federation.compressor.type: none}. */
public final class NoCompressorFactory implements CompressorFactory {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    @Override
    public Compressor create(Settings settings) {
        return new NoCompressor();
    }
}
