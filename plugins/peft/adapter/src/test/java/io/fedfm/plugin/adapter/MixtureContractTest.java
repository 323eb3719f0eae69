package io.fedfm.plugin.adapter;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.List;
import java.util.Map;

final class MixtureContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new MixtureMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("num_experts", 3, "bottleneck", 4, "tasks", List.of("a", "b"));
    }
}
