package io.fedfm.plugin.lora;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.List;
import java.util.Map;

final class DoraContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new LoraMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of(
                "use_dora",
                true,
                "r",
                2,
                "lora_dropout",
                0.1,
                "target_modules",
                List.of("all-linear"));
    }
}
