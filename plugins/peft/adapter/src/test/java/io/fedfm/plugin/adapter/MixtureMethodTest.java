package io.fedfm.plugin.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.testing.FakeBackbone;
import io.fedfm.testing.FakeSite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MixtureMethodTest {
    private static final float UP_OF_FIRST = 2;
    private static final float UP_OF_SECOND = 6;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void gatesBelongToTheirTasksAndExpertsToAll() {
        List<ParameterSpec> parameters = module().parameters();

        assertThat(parameters).hasSize(2 * 4 + 2);
        assertThat(parameters).filteredOn(p -> p.task().isEmpty()).hasSize(8);
        assertThat(parameters)
                .filteredOn(p -> p.task().equals("billing"))
                .singleElement()
                .satisfies(gate -> assertThat(gate.name()).isEqualTo("gate.billing"))
                .satisfies(gate -> assertThat(gate.shape()).containsExactly(2));
        assertThat(plan().tasks()).containsExactly("billing", "cards");
    }

    @Test
    void eachRowIsMixedByTheGateOfItsTask() {
        PeftPlan plan = plan();
        FakeSite site =
                FakeSite.of(manager, plan.attachments().get(0).site(), 1).withTasks(manager, 2);
        Map<String, NDArray> values = new HashMap<>();
        for (ParameterSpec spec : module().parameters()) {
            values.put(spec.name(), manager.zeros(new Shape(spec.shape())));
        }
        // The experts add what their last bias is; the gates weigh them 1:3 and 1:1.
        values.get("experts.0.up.bias").addi(UP_OF_FIRST);
        values.get("experts.1.up.bias").addi(UP_OF_SECOND);
        values.put("gate.billing", manager.create(new float[] {0, (float) Math.log(3)}));

        NDArray change =
                site.run(new DjlOps(manager, false, new DropoutStream(0)), module(), values::get)
                        .sub(site.input());

        assertThat(change.get(0).mean().getFloat())
                .isCloseTo(UP_OF_FIRST / 4 + 3 * UP_OF_SECOND / 4, within(1e-4f));
        assertThat(change.get(1).mean().getFloat())
                .isCloseTo((UP_OF_FIRST + UP_OF_SECOND) / 2, within(1e-4f));
    }

    @Test
    void oddTaskNamesAreRefused() {
        assertThatThrownBy(() -> plan(Map.of("tasks", List.of("a b"))))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining("'a b'");
        assertThatThrownBy(() -> plan(Map.of("tasks", List.of("a", "a"))))
                .hasMessageContaining("each once");
    }

    private static PeftPlan plan() {
        return plan(
                Map.of("num_experts", 2, "bottleneck", 3, "tasks", List.of("billing", "cards")));
    }

    private static PeftPlan plan(Map<String, Object> values) {
        Settings settings = Settings.of("peft", values);
        PeftMethod method = new MixtureMethodFactory().create(settings);
        settings.check();
        return method.plan(FakeBackbone.create());
    }

    private static PeftModule module() {
        return plan().attachments().get(0).module();
    }
}
