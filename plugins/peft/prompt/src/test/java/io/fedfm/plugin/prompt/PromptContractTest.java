package io.fedfm.plugin.prompt;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftMethodContract;
import java.util.Map;

final class PromptContractTest extends PeftMethodContract {
    @Override
    protected PeftMethodFactory factory() {
        return new PromptMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("num_virtual_tokens", 2);
    }

    @Override
    protected boolean startsAsIdentity() {
        return false;
    }
}
