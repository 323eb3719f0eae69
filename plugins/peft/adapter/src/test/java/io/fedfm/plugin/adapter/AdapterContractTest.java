package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.Map;

final class AdapterContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new AdapterMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("bottleneck", 4, "activation", "gelu", "adapter_dropout", 0.1);
    }
}
