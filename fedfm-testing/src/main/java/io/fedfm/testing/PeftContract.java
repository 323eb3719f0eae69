package io.fedfm.testing;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static io.fedfm.testing.TensorAssertions.assertFiniteAndNotZero;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.tensor.DjlOps;
import io.fedfm.api.tensor.DropoutStream;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.record.SafetensorsReader;
import io.fedfm.runtime.record.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every PEFT method keeps to; a method's test extends this and names its factory.
 *
 * <p>Its modules are run one by one on DJL arrays at the sites of {@link FakeBackbone}; then the
 * whole method is woven into a tiny generated backbone ({@link ToyTask}) and trained there, as a
 * run does it.
 */
public abstract class PeftContract {
    private static final double TOLERANCE = 1e-5;

    /** Between executions, relative to the length of a gradient. */
    private static final double AGREEMENT = 1e-4;

    private static final String PORTABLE =
            "write the formula in TensorOps alone, and keep no state in the module";

    private static final int STEPS = 40;

    @TempDir Path cache;

    private NDManager manager;
    private BufferAllocator allocator;

    /** The factory under test. */
    protected abstract PeftMethodFactory factory();

    /** The settings to test with; none unless overridden. */
    protected Map<String, Object> settings() {
        return Map.of();
    }

    /** The backbone on paper to test modules on. */
    protected Backbone backbone() {
        return FakeBackbone.create();
    }

    /** Whether an untrained module leaves its site's output as it was. */
    protected boolean startsAsIdentity() {
        return true;
    }

    /** The learning rate, of Adam, at which the method learns the toy task in some 40 steps. */
    protected double learningRate() {
        return 0.02;
    }

    @BeforeEach
    void openMemory() {
        manager = NDManager.newBaseManager();
        allocator = new RootAllocator();
    }

    /** Closing the allocator fails the test if a buffer was left open. */
    @AfterEach
    void closeMemory() {
        manager.close();
        allocator.close();
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
                .as("plan() attaches no module and promotes no weight: nothing would be trained")
                .isPositive();
        assertThat(backbone().sites())
                .as("plan() attaches to sites of the backbone it was given, not to its own")
                .containsAll(plan.attachments().stream().map(Attachment::site).toList());
        assertThat(backbone().weights().stream().map(Backbone.WeightInfo::name))
                .as("plan() promotes weights of the backbone, by their names")
                .containsAll(plan.promotions());
    }

    @Test
    void parametersHaveUniqueNames() {
        List<String> names = DeclaredParameters.names(plan());

        assertThat(names)
                .as("each parameter has a name of its own: site, dot, ParameterSpec.name()")
                .doesNotHaveDuplicates()
                .isNotEmpty();
    }

    @Test
    void planningAgainGivesTheSameParameters() {
        assertThat(DeclaredParameters.describe(plan()))
                .as("plan() of the same backbone gives the same names and shapes in the same order")
                .isEqualTo(DeclaredParameters.describe(plan()));

        PeftPlan plan = plan();
        assertThat(DeclaredParameters.describe(plan))
                .as("parameters() of a module gives the same list at each call")
                .isEqualTo(DeclaredParameters.describe(plan));
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

    @Test
    void untrainedMethodLeavesTheModelAsItIs() {
        if (!startsAsIdentity()) {
            return;
        }
        try (ToyTask task = new ToyTask(cache, allocator);
                ToyModel bare = task.compile(PeftPlan.of(List.of()), false);
                ToyModel model = task.compile(plan(task.sites()), false);
                ParameterVector head = bare.start(3);
                ParameterVector start = model.start(3)) {
            assertThat(distance(model.logits(start), bare.logits(head)))
                    .as(
                            "the logits before training differ from the frozen model's; start one"
                                    + " factor at zero, or override startsAsIdentity()")
                    .isLessThan(TOLERANCE);
        }
    }

    @Test
    void onlyItsOwnParametersGetGradients() {
        try (ToyTask task = new ToyTask(cache, allocator)) {
            PeftPlan plan = plan(task.sites());
            try (ToyModel model = task.compile(plan, false);
                    ParameterVector parameters = model.aside(3)) {
                assertThat(model.methodParameters())
                        .as("what is trained is what the plan declares, and the task's head")
                        .containsExactlyInAnyOrderElementsOf(DeclaredParameters.names(plan));
                model.gradients(parameters)
                        .forEach(
                                (name, gradient) ->
                                        assertThat(distance(gradient, new float[gradient.length]))
                                                .as("the gradient of %s is finite", name)
                                                .isFinite());
            }
        }
    }

    @Test
    void fusedEqualsSplit() {
        try (ToyTask task = new ToyTask(cache, allocator);
                ToyModel fused = task.compile(plan(task.sites()), false);
                ToyModel split = task.compile(plan(task.sites()), true);
                ParameterVector parameters = fused.aside(3)) {
            assertThat(split.loss(parameters))
                    .as("the loss differs between fused and split; " + PORTABLE)
                    .isCloseTo(fused.loss(parameters), within(AGREEMENT));
            Map<String, float[]> inDjl = split.gradients(parameters);
            Map<String, float[]> inOnnx = fused.gradients(parameters);
            double longest =
                    inOnnx.values().stream().mapToDouble(PeftContract::length).max().orElse(0);
            inOnnx.forEach(
                    (name, gradient) ->
                            assertThat(distance(gradient, inDjl.get(name)))
                                    .as(
                                            "the gradient of %s differs between fused and split; "
                                                    + PORTABLE,
                                            name)
                                    // One that is zero by algebra (a key's bias) is rounding.
                                    .isLessThanOrEqualTo(
                                            AGREEMENT * Math.max(length(gradient), longest / 100)));
        }
    }

    @Test
    void lossFallsOnAToyTask() {
        try (ToyTask task = new ToyTask(cache, allocator);
                ToyModel model = task.compile(plan(task.sites()), false);
                ParameterVector parameters = model.start(3)) {
            double before = model.loss(parameters);

            model.train(parameters, STEPS, learningRate());

            assertThat(model.loss(parameters))
                    .as(
                            "the loss after %d steps of Adam, the head held; override"
                                    + " learningRate() if %s does not suit the method",
                            STEPS, learningRate())
                    .isLessThan(0.95 * before);
        }
    }

    @Test
    void sameSeedTrainsToTheSameBytes() {
        assertThat(trained())
                .as("two trainings with one seed; draw random numbers from initializers only")
                .isEqualTo(trained());
    }

    @Test
    void savedParametersLoadIntoANewModel() throws IOException {
        Path file = cache.resolve("adapter.safetensors");
        try (ToyTask task = new ToyTask(cache, allocator)) {
            float[] expected;
            try (ToyModel model = task.compile(plan(task.sites()), false);
                    ParameterVector parameters = model.aside(3)) {
                expected = model.logits(parameters);
                SafetensorsWriter.write(parameters, file);
            }
            try (ToyModel again = task.compile(plan(task.sites()), false);
                    ParameterVector target = again.start(4);
                    ParameterVector loaded = SafetensorsReader.read(file, allocator)) {
                assertThat(loaded.layout())
                        .as("the parameters of a second plan, beside those that were saved")
                        .isEqualTo(target.layout());
                target.set(loaded);
                assertThat(again.logits(target))
                        .as("the logits after saving and loading")
                        .isEqualTo(expected);
            }
        }
    }

    private float[] trained() {
        try (ToyTask task = new ToyTask(cache, allocator);
                ToyModel model = task.compile(plan(task.sites()), false);
                ParameterVector parameters = model.start(3)) {
            model.train(parameters, 3, learningRate());
            return ParameterVectors.values(parameters);
        }
    }

    private static double length(float[] a) {
        return distance(a, new float[a.length]);
    }

    private static double distance(float[] a, float[] b) {
        assertThat(a).as("number of elements").hasSameSizeAs(b);
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow((double) a[i] - b[i], 2);
        }
        return Math.sqrt(squares);
    }

    private FakeSite site(Attachment attachment) {
        return FakeSite.of(manager, attachment.site(), 1).withTasks(manager, plan().tasks().size());
    }

    private PeftPlan plan() {
        return plan(backbone());
    }

    private PeftPlan plan(Backbone on) {
        return PluginContract.create(factory()::create, settings()).plan(on);
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
}
