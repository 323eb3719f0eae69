package io.fedfm.runtime.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.peft.Backbone.WeightInfo;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.oracle.CheckReport.MethodCheck;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import io.fedfm.runtime.weave.WovenGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proof holds for what is right, and for nothing else. */
final class GradientProofTest {
    private static final Path MODEL =
            Path.of("../fedfm-dist/src/test/resources/exports/distilbert-torchscript-eager.onnx");

    @TempDir private Path cache;
    private final BufferAllocator allocator = new RootAllocator();
    private FrozenBackbone backbone;
    private String weight;
    private WovenGraph woven;
    private Program fused;
    private Program split;

    @BeforeEach
    void compile() {
        backbone = FrozenBackbone.of(OnnxReader.read(MODEL), cache);
        weight =
                backbone.anatomy().backbone().weights().stream()
                        .filter(info -> info.role().equals("norm_weight"))
                        .map(WeightInfo::name)
                        .findFirst()
                        .orElseThrow();
        ProgramCompiler compiler =
                new ProgramCompiler(
                        backbone,
                        new PeftPlan(List.of(), List.of(weight)),
                        TrialObjective.of(backbone.outputs()),
                        ExecutionProviders.cpu(),
                        1,
                        allocator);
        woven = compiler.inline();
        fused = compiler.fused();
        split = compiler.split();
    }

    @AfterEach
    void close() {
        fused.close();
        split.close();
        backbone.close();
        allocator.close();
    }

    @Test
    void holdsForRightGradients() {
        MethodCheck check = prove(fused, split);

        assertThat(check.ok()).isTrue();
        assertThat(check.method()).isEqualTo("trial");
    }

    @Test
    void aWrongGradientOfTheFusedGraphFailsAllThree() {
        MethodCheck check = prove(new SpoiltProgram(fused, weight, 1.05), split);

        assertThat(check.ok()).isFalse();
        assertThat(check.fusedVsSplit()).isBetween(0.049, 0.051);
        assertThat(check.fusedVsTorch()).isBetween(0.049, 0.051);
        assertThat(check.directional()).isBetween(0.049, 0.051);
    }

    @Test
    void anErrorThatBothExecutionsShareFailsAgainstPyTorch() {
        MethodCheck check =
                prove(
                        new SpoiltProgram(fused, weight, 1.0005),
                        new SpoiltProgram(split, weight, 1.0005));

        assertThat(check.fusedVsSplit()).isLessThan(MethodCheck.EXACT);
        assertThat(check.fusedVsTorch()).isBetween(4.5e-4, 5.5e-4);
        assertThat(check.directional()).isLessThan(MethodCheck.APPROXIMATE);
        assertThat(check.ok()).isFalse();
    }

    @Test
    void aGradientThatIsNoNumberFails() {
        assertThat(prove(new SpoiltProgram(fused, weight, Double.NaN), split).ok()).isFalse();
    }

    @Test
    void aGradientThatIsMissingFails() {
        MethodCheck check = prove(new SpoiltProgram(fused, weight, 0), split);

        assertThat(check.ok()).isFalse();
        assertThat(check.directional()).isEqualTo(1);
    }

    private MethodCheck prove(Program first, Program second) {
        Random random = new Random(3);
        List<Batch> batches = TrialBatches.of(backbone.graph(), backbone.outputs(), 64, 0, random);
        return new GradientProof(first, second, woven).check("trial", batches, random, allocator);
    }
}
