package io.fedfm.runtime.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.SharedTensor;
import io.fedfm.api.peft.Site;
import io.fedfm.runtime.weave.Trainable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of a whole plan, and parameters that start from frozen weights. */
final class SharedTensorsTest {
    @TempDir Path cache;

    @Test
    void modulesAtSeveralSitesReadTheSameTensors() {
        try (Compiled compiled = compiled("shared_B")) {
            assertThat(compiled.woven.trainables())
                    .extracting(Trainable::name)
                    .contains("shared_B")
                    .doesNotContain("shared_A");
            compiled.assertAgree(compiled.batch(3, 5));
        }
    }

    @Test
    void aParameterStartsFromTheWeightOfItsSite() {
        try (Compiled compiled = compiled("shared_B")) {
            Site site = Compiled.site(compiled.backbone, "q");
            Trainable gain =
                    compiled.woven.trainables().stream()
                            .filter(t -> t.name().equals(site.name() + ".gain"))
                            .findFirst()
                            .orElseThrow();
            float[] weight = compiled.backbone.graph().initializers().get("q.weight").toFloats();
            assertThat(gain.value().toFloats()).hasSize((int) site.outputs());
            assertThat(weight).startsWith(gain.value().toFloats());
        }
    }

    @Test
    void aTensorThatNobodyDeclaresIsThePluginsMistake() {
        assertThatThrownBy(() -> compiled("shared_C").close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shared_B");
    }

    @Test
    void twoSharedTensorsOfOneNameAreRefused() {
        assertThatThrownBy(() -> compiled("shared_B", "shared_B").close())
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED));
    }

    private Compiled compiled(String... trained) {
        return Compiled.of(
                TinyEncoder.plain(),
                cache,
                backbone -> {
                    Site q = Compiled.site(backbone, "q");
                    Site v = Compiled.site(backbone, "v");
                    List<SharedTensor> shared =
                            new java.util.ArrayList<>(
                                    List.of(
                                            SharedTensor.frozen(
                                                    tensor("shared_A", q.inputs(), 2), 7)));
                    for (String name : trained) {
                        shared.add(SharedTensor.trained(tensor(name, 2, q.outputs())));
                    }
                    return PeftPlan.of(
                                    List.of(
                                            new PeftPlan.Attachment(q, TestModule.sharing(q)),
                                            new PeftPlan.Attachment(v, TestModule.sharing(v))))
                            .withShared(shared);
                });
    }

    private static ParameterSpec tensor(String name, long... shape) {
        return new ParameterSpec(name, shape, Initializer.normal(0.5));
    }
}
