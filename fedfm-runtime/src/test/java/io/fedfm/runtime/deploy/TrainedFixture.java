package io.fedfm.runtime.deploy;

import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.graph.ExampleInputs;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.Tensor;
import io.fedfm.runtime.objective.BackboneOutputs;
import io.fedfm.runtime.objective.CausalLanguageModelling;
import io.fedfm.runtime.objective.Objective;
import io.fedfm.runtime.objective.OwnHead;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.Batch;
import io.fedfm.runtime.program.ExecutionProviders;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.Program;
import io.fedfm.runtime.program.ProgramCompiler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.apache.arrow.memory.RootAllocator;

/** A backbone with parameters at random, as if they had been trained, and its own program. */
final class TrainedFixture implements AutoCloseable {
    static final Path EXPORTS = Path.of("../fedfm-dist/src/test/resources/exports");
    private static final int CLASSES = 5;

    private final RootAllocator allocator = new RootAllocator();
    private final FrozenBackbone backbone;
    private final Program program;
    private final ParameterVector vector;
    private final TrainedModel model;

    TrainedFixture(Path file, Path cache, BiFunction<FrozenBackbone, List<Site>, PeftPlan> plans) {
        backbone = FrozenBackbone.of(OnnxReader.read(file), cache);
        PeftPlan plan = plans.apply(backbone, backbone.anatomy().backbone().sites(SiteKind.LINEAR));
        Objective objective = objective(backbone.outputs());
        ProgramCompiler compiler =
                new ProgramCompiler(
                        backbone, plan, objective, ExecutionProviders.cpu(), 1, allocator);
        program = compiler.fused();
        vector = ParameterVector.zeros(allocator, compiler.inline().layout());
        Random random = new Random(11);
        compiler.inline()
                .trainables()
                .forEach(
                        trainable -> {
                            var floats = vector.floats(trainable.name());
                            for (int i = 0; i < floats.capacity(); i++) {
                                float start =
                                        trainable.value() == null
                                                ? trainable
                                                        .initializer()
                                                        .next(random, trainable.shape())
                                                : trainable.value().data().getFloat(4 * i);
                                floats.put(i, start + 0.1f * (float) random.nextGaussian());
                            }
                        });
        model = new TrainedModel(file, backbone, plan, objective, TrainedModel.views(vector));
    }

    /** A module at each linear site of these roles. */
    static BiFunction<FrozenBackbone, List<Site>, PeftPlan> at(
            java.util.function.Function<Site, PeftModule> modules, String... roles) {
        return (backbone, sites) -> {
            List<Attachment> attachments = new ArrayList<>();
            for (Site site : sites) {
                if (List.of(roles).contains(site.role())) {
                    attachments.add(new Attachment(site, modules.apply(site)));
                }
            }
            if (attachments.isEmpty()) {
                throw new IllegalStateException("no site of " + List.of(roles));
            }
            return PeftPlan.of(attachments);
        };
    }

    private static Objective objective(BackboneOutputs outputs) {
        if (outputs.tokenLogits()) {
            return new CausalLanguageModelling();
        }
        if (outputs.hidden().isEmpty()) {
            return new OwnHead(outputs, outputs.classes());
        }
        Pooling pooling = outputs.pooled().isEmpty() ? Pooling.MEAN : Pooling.POOLER;
        return new SequenceClassification(pooling, outputs.width(), CLASSES);
    }

    TrainedModel model() {
        return model;
    }

    FrozenBackbone backbone() {
        return backbone;
    }

    /** Random inputs; the last row is padded. */
    Map<String, Tensor> inputs(int rows, int length) {
        return ExampleInputs.make(backbone.graph(), rows, length, new Random(rows), true);
    }

    /** What the program that trained gives. */
    float[] logits(Map<String, Tensor> inputs) {
        Map<String, Tensor> feeds = new HashMap<>(inputs);
        long rows = inputs.values().iterator().next().shape()[0];
        long length = inputs.values().iterator().next().shape()[1];
        boolean tokens = model.objective().labelDimensions().size() == 2;
        feeds.put(
                Batch.LABELS,
                tokens
                        ? Tensor.longs(new long[(int) (rows * length)], rows, length)
                        : Tensor.longs(new long[(int) rows], rows));
        return program.logits(new Batch(feeds, (int) rows, (int) length), vector).toFloats();
    }

    @Override
    public void close() {
        program.close();
        vector.close();
        backbone.close();
        allocator.close();
    }
}
