package io.fedfm.plugin.full;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;

final class FullContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new FullMethodFactory();
    }
}
