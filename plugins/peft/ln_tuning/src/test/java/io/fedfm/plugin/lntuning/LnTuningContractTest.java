package io.fedfm.plugin.lntuning;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;

final class LnTuningContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new LnTuningMethodFactory();
    }
}
