package @package@;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.compress.Compressor;
import io.fedfm.api.compress.CompressorFactory;

/** Makes the compressor from its settings: {@code federation.compressor.type: @name@}. */
public final class @Name@Factory implements CompressorFactory {
    @Override
    public String name() {
        return "@name@";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    /** Settings are read from here; this start has none, so fedfm refuses all. */
    @Override
    public Compressor create(Settings settings) {
        return new @Name@Compressor();
    }
}
