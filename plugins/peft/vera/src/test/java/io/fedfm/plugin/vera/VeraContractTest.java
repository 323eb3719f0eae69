package io.fedfm.plugin.vera;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;
import java.util.List;
import java.util.Map;

final class VeraContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new VeraMethodFactory();
    }

    @Override
    protected Map<String, Object> settings() {
        return Map.of("r", 4, "vera_dropout", 0.1, "target_modules", List.of("all-linear"));
    }
}
