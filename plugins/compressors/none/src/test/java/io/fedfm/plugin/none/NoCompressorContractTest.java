package io.fedfm.plugin.none;

import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.testing.CompressorContract;

final class NoCompressorContractTest extends CompressorContract {
    @Override
    protected CompressorFactory factory() {
        return new NoCompressorFactory();
    }
}
