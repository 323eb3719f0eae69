package io.fedfm.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Initializer;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.Parameters;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteTensors;
import io.fedfm.api.tensor.TensorOps;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract finds what is wrong with a method, and says what to do. */
final class PeftContractTest {
    @TempDir Path cache;
    private PeftContract contract;

    @AfterEach
    void close() {
        contract.closeMemory();
    }

    @Test
    void startThatIsNotTheIdentity() {
        PeftContract moved = contract(Initializer.constant(0.5), new Formula());

        refused(moved::untrainedMethodLeavesTheModelAsItIs, "override startsAsIdentity()");
    }

    @Test
    void methodThatLearnsNothing() {
        PeftContract deaf =
                contract(
                        Initializer.zeros(),
                        new Formula() {
                            @Override
                            <T> T change(TensorOps<T> ops, T shift) {
                                return ops.scale(shift, 0);
                            }
                        });

        refused(deaf::lossFallsOnAToyTask, "learningRate()");
        refused(deaf::everyParameterGetsAGradient, "the gradient of shift");
    }

    @Test
    void formulaThatChangesBetweenCalls() {
        PeftContract moody =
                contract(
                        Initializer.zeros(),
                        new Formula() {
                            private int calls;

                            @Override
                            <T> T change(TensorOps<T> ops, T shift) {
                                return ops.scale(shift, ++calls);
                            }
                        });

        refused(moody::fusedEqualsSplit, "between fused and split");
    }

    @Test
    void parametersThatDrawAnotherStartEachTime() {
        double[] next = {0};
        PeftContract drifting =
                contract((random, shape) -> (float) (next[0] += 1e-3), new Formula());

        refused(drifting::sameSeedTrainsToTheSameBytes, "draw random numbers from initializers");
    }

    private static void refused(ThrowingCallable test, String advice) {
        assertThatThrownBy(test).isInstanceOf(AssertionError.class).hasMessageContaining(advice);
    }

    private PeftContract contract(Initializer start, Formula formula) {
        contract =
                new PeftContract() {
                    @Override
                    protected PeftMethodFactory factory() {
                        return new ShiftFactory(start, formula);
                    }
                };
        contract.cache = cache;
        contract.openMemory();
        return contract;
    }

    /** What is added to the hidden state. */
    private static class Formula {
        <T> T change(TensorOps<T> ops, T shift) {
            return shift;
        }
    }

    private record ShiftFactory(Initializer start, Formula formula) implements PeftMethodFactory {
        @Override
        public String name() {
            return "shift";
        }

        @Override
        public int apiVersion() {
            return FedFmApi.VERSION;
        }

        @Override
        public PeftMethod create(Settings settings) {
            return backbone ->
                    PeftPlan.of(
                            backbone.sites(SiteKind.HIDDEN).stream()
                                    .filter(site -> site.role().equals("ffn_norm"))
                                    .map(s -> new Attachment(s, new Shift(s.outputs(), this)))
                                    .toList());
        }
    }

    private record Shift(long width, ShiftFactory method) implements PeftModule {
        @Override
        public List<ParameterSpec> parameters() {
            return List.of(new ParameterSpec("shift", new long[] {width}, method.start()));
        }

        @Override
        public <T> T apply(TensorOps<T> ops, SiteTensors<T> site, Parameters<T> p) {
            return ops.add(site.output(), method.formula().change(ops, p.get("shift")));
        }
    }
}
