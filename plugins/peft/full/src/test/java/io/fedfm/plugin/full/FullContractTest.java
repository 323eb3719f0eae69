package io.fedfm.plugin.full;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;

final class FullContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new FullMethodFactory();
    }
}
