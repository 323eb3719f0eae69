package io.fedfm.plugin.lntuning;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;

final class LnTuningContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new LnTuningMethodFactory();
    }
}
