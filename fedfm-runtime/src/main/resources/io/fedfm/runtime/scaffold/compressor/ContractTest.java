package @package@;

import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.testing.CompressorContract;

/** All that fedfm asks of a compressor. */
final class @Name@ContractTest extends CompressorContract {
    @Override
    protected CompressorFactory factory() {
        return new @Name@Factory();
    }

    /** Of an element of a standard normal vector; 0 says lossless. */
    @Override
    protected double maxError() {
        return 0.05;
    }
}
