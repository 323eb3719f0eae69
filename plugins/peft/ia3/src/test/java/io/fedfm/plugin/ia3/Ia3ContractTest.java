package io.fedfm.plugin.ia3;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;

final class Ia3ContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new Ia3MethodFactory();
    }
}
