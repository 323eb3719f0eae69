package io.fedfm.plugin.prefix;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.Map;

final class PrefixContractTest extends PeftContract {
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
