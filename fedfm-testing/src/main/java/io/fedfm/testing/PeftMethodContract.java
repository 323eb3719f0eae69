package io.fedfm.testing;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static io.fedfm.testing.TensorAssertions.assertFiniteAndNotZero;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.ParameterSpec;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every PEFT method keeps to; a method's test extends this and names its factory.
 *
 * <p>Modules are run on DJL arrays at fake sites.
 */
public abstract class PeftMethodContract {
    private static final double TOLERANCE = 1e-5;

    private NDManager manager;

    /** The factory under test. */
    protected abstract PeftMethodFactory factory();

    /** The settings to test with; none unless overridden. */
    protected Map<String, Object> settings() {
        return Map.of();
    }

    /** The backbone to test on. */
    protected Backbone backbone() {
        return FakeBackbone.create();
    }

    /** Whether an untrained module leaves its site's output as it was. */
    protected boolean startsAsIdentity() {
        return true;
    }

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void factoryIsNamedAndDiscoverable() {
        PluginContract.checkIdentity(factory().name(), factory().apiVersion());
        ServiceFiles.assertDiscoverable(PeftMethodFactory.class, factory().getClass());
    }

    @Test
    void unknownSettingIsRefused() {
        PluginContract.checkUnknownSettingIsRefused(factory()::create, settings());
    }

    @Test
    void planStaysWithinTheBackbone() {
        PeftPlan plan = plan();

        assertThat(plan.attachments().size() + plan.promotions().size())
                .as("attachments and promotions")
                .isPositive();
        assertThat(backbone().sites())
                .containsAll(plan.attachments().stream().map(Attachment::site).toList());
        assertThat(backbone().weights().stream().map(Backbone.WeightInfo::name))
                .containsAll(plan.promotions());
    }

    @Test
    void parametersHaveUniqueNames() {
        List<String> names = new ArrayList<>(plan().promotions());
        for (Attachment attachment : plan().attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                names.add(attachment.site().name() + "." + spec.name());
            }
        }

        assertThat(names).doesNotHaveDuplicates().isNotEmpty();
    }

    @Test
    void planningAgainGivesTheSameParameters() {
        assertThat(describe(plan())).isEqualTo(describe(plan()));

        PeftPlan plan = plan();
        assertThat(describe(plan)).isEqualTo(describe(plan));
    }

    @Test
    void sameSeedGivesTheSameStart() {
        for (Attachment attachment : plan().attachments()) {
            ModuleParameters first = ModuleParameters.initial(manager, attachment.module(), 5);
            ModuleParameters second = ModuleParameters.initial(manager, attachment.module(), 5);
            first.arrays()
                    .forEach((name, array) -> assertClose(array, second.arrays().get(name), 0));
        }
    }

    @Test
    void startIsTheIdentity() {
        if (!startsAsIdentity()) {
            return;
        }
        for (Attachment attachment : runnable()) {
            FakeSite site = site(attachment);
            ModuleParameters start =
                    ModuleParameters.initial(manager, plan(), attachment.module(), site, 2);

            NDArray output = site.run(evaluation(), attachment.module(), start);

            assertClose(output, site.frozenOutput(evaluation()), TOLERANCE);
        }
    }

    @Test
    void moduleChangesValuesAndKeepsShapes() {
        for (Attachment attachment : runnable()) {
            FakeSite site = site(attachment);
            ModuleParameters random =
                    ModuleParameters.random(manager, plan(), attachment.module(), 2);

            NDArray output = site.run(evaluation(), attachment.module(), random);

            NDArray frozen = site.frozenOutput(evaluation());
            assertThat(output.getShape()).isEqualTo(frozen.getShape());
            assertFiniteAndNotZero(output.sub(frozen), "what the module changes");
        }
    }

    @Test
    void foldingKeepsTheOutput() {
        for (Attachment attachment : runnable()) {
            FakeSite site = site(attachment);
            ModuleParameters random =
                    ModuleParameters.random(manager, plan(), attachment.module(), 2);

            NDArray output = site.run(evaluation(), attachment.module(), random);

            double largest = output.abs().max().getFloat();
            site.runFolded(evaluation(), attachment.module(), random)
                    .ifPresent(folded -> assertClose(folded, output, TOLERANCE * largest));
        }
    }

    @Test
    void evaluationIsRepeatable() {
        for (Attachment attachment : runnable()) {
            FakeSite site = site(attachment);
            ModuleParameters random =
                    ModuleParameters.random(manager, plan(), attachment.module(), 2);

            NDArray first = site.run(evaluation(), attachment.module(), random);

            assertClose(site.run(evaluation(), attachment.module(), random), first, 0);
        }
    }

    @Test
    void everyParameterGetsAGradient() {
        for (Attachment attachment : runnable()) {
            FakeSite site = site(attachment);
            ModuleParameters random =
                    ModuleParameters.random(manager, plan(), attachment.module(), 2);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray output = site.run(training(), attachment.module(), random);
                collector.backward(output.mul(output).sum());
            }
            random.arrays()
                    .forEach(
                            (name, array) ->
                                    assertFiniteAndNotZero(
                                            array.getGradient(), "the gradient of " + name));
        }
    }

    private FakeSite site(Attachment attachment) {
        return FakeSite.of(manager, attachment.site(), 1).withTasks(manager, plan().tasks().size());
    }

    private PeftPlan plan() {
        return PluginContract.create(factory()::create, settings()).plan(backbone());
    }

    private List<Attachment> runnable() {
        return plan().attachments().stream()
                .filter(attachment -> FakeSite.supports(attachment.site().kind()))
                .toList();
    }

    private DjlOps evaluation() {
        return new DjlOps(manager, false, new DropoutStream(0));
    }

    private DjlOps training() {
        return new DjlOps(manager, true, new DropoutStream(0));
    }

    private static List<String> describe(PeftPlan plan) {
        List<String> lines = new ArrayList<>(plan.promotions());
        for (Attachment attachment : plan.attachments()) {
            for (ParameterSpec spec : attachment.module().parameters()) {
                lines.add(
                        attachment.site().name()
                                + "."
                                + spec.name()
                                + Arrays.toString(spec.shape()));
            }
        }
        return lines;
    }
}
