package io.fedfm.plugin.prompt;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.Map;

final class PromptContractTest extends PeftContract {
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

    @Override
    protected double learningRate() {
        return 0.1;
    }
}
