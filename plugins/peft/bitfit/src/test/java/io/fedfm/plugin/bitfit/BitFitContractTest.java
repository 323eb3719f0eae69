package io.fedfm.plugin.bitfit;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;

final class BitFitContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new BitFitMethodFactory();
    }
}
