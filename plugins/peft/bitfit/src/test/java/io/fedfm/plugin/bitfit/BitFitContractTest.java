package io.fedfm.plugin.bitfit;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;

final class BitFitContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new BitFitMethodFactory();
    }
}
