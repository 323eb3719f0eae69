package io.fedfm.plugin.ia3;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;

final class Ia3ContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new Ia3MethodFactory();
    }
}
