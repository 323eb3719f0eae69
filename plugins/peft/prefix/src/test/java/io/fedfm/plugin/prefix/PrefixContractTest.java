package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;
import java.util.Map;

final class PrefixContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new PrefixMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("num_virtual_tokens", 3);
    }

    @Override
    protected boolean startsAsIdentity() {
        return false;
    }
}
