package io.fedfm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.VirtualTokens;
import io.fedfm.runtime.program.TestModule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComposedMethodTest {
    private static final Site QUERY =
            new Site("query", SiteKind.LINEAR, "q", 0, "layer.0.query", 4, 4);
    private static final Backbone BACKBONE = new Backbone(List.of(QUERY), List.of());

    private final Map<String, PeftMethod> methods = new LinkedHashMap<>();

    @Test
    void plansAreJoinedInOrder() {
        methods.put("peft.0, lora", b -> lowRank());
        methods.put("peft.1, bitfit", b -> PeftPlan.promoting(List.of("a.bias", "b.bias")));
        methods.put("peft.2, ln_tuning", b -> PeftPlan.promoting(List.of("b.bias", "b.weight")));

        PeftPlan plan = new ComposedMethod(methods).plan(BACKBONE);

        assertThat(plan.attachments()).hasSize(1);
        assertThat(plan.promotions()).containsExactly("a.bias", "b.bias", "b.weight");
    }

    @Test
    void parametersOfOneNameAtOneSiteAreRefused() {
        methods.put("peft.0, lora", b -> lowRank());
        methods.put("peft.1, lora", b -> lowRank());

        assertRefused("peft.0, lora, and peft.1, lora, both have a parameter 'query.A'");
    }

    @Test
    void virtualTokensTwiceAreRefused() {
        PeftPlan plain = PeftPlan.promoting(List.of("a.bias"));
        methods.put("peft.0, prompt", b -> plain.withVirtualTokens(VirtualTokens.inSequence(4)));
        methods.put("peft.1, prefix", b -> plain.withVirtualTokens(VirtualTokens.inAttention(4)));

        assertRefused("peft.0, prompt, and peft.1, prefix, both put virtual tokens");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> new ComposedMethod(methods).plan(BACKBONE))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining(message);
    }

    private static PeftPlan lowRank() {
        return PeftPlan.of(List.of(new PeftPlan.Attachment(QUERY, TestModule.lowRank(QUERY, 0))));
    }
}
