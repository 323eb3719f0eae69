package io.fedfm.runtime.export;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.RunConfig;
import io.fedfm.runtime.record.Checkpoint;
import io.fedfm.runtime.record.PartitionRecord;
import io.fedfm.runtime.record.RunDirectory;
import io.fedfm.runtime.setup.PlannedModel;
import io.fedfm.runtime.setup.PreparedModel;
import io.fedfm.runtime.setup.RunEnvironment;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A run's backbone, plan and objective, with the parameters of one of its checkpoints. */
public final class TrainedRun implements AutoCloseable {
    private final RunDirectory directory;
    private final Checkpoint checkpoint;
    private final RunEnvironment environment;
    private final PlannedModel planned;
    private final List<String> labels;
    private final ParameterVector parameters;

    private TrainedRun(
            RunDirectory directory,
            Checkpoint checkpoint,
            RunEnvironment environment,
            PlannedModel planned,
            List<String> labels,
            ParameterVector parameters) {
        this.directory = directory;
        this.checkpoint = checkpoint;
        this.environment = environment;
        this.planned = planned;
        this.labels = labels;
        this.parameters = parameters;
    }

    /** Puts together what was read; the model is closed with what is returned. */
    static TrainedRun of(
            RunDirectory directory,
            RunConfig config,
            Checkpoint checkpoint,
            RunEnvironment environment,
            PreparedModel model,
            PeftMethod method,
            RunChoice choice,
            BufferAllocator allocator) {
        List<String> labels =
                directory
                        .read(PartitionRecord.FILE, PartitionRecord.class)
                        .map(PartitionRecord::labels)
                        .orElse(List.of());
        PlannedModel planned =
                PlannedModel.of(
                        config, model, model.plan(method), classes(config, labels), 1, allocator);
        ParameterVector parameters =
                new SavedParameters(planned, checkpoint).read(choice.client(), allocator);
        return new TrainedRun(directory, checkpoint, environment, planned, labels, parameters);
    }

    private static int classes(RunConfig config, List<String> labels) {
        int given = config.model().numLabels();
        if (config.model().task() != Task.CAUSAL_LM && given == 0 && labels.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    "the run does not tell its number of classes: it has no "
                            + PartitionRecord.FILE
                            + " and no model.num_labels");
        }
        return given == 0 ? labels.size() : given;
    }

    /** What the run is called. */
    public String id() {
        return directory.id();
    }

    /** The folder of the run. */
    public RunDirectory directory() {
        return directory;
    }

    /** The round that the parameters are of. */
    public int round() {
        return checkpoint.manifest().round();
    }

    /** The checkpoint that the parameters are of. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** What the run was made with. */
    public RunEnvironment environment() {
        return environment;
    }

    /** The settings of the run. */
    public RunConfig config() {
        return planned.config();
    }

    /** The backbone with its plan and objective, ready to be compiled. */
    public PlannedModel planned() {
        return planned;
    }

    /** Names of the classes by index; empty if the run did not record them. */
    public List<String> labels() {
        return labels;
    }

    /** All trained parameters, the head included; closed with this. */
    public ParameterVector parameters() {
        return parameters;
    }

    @Override
    public void close() {
        parameters.close();
        planned.model().close();
    }
}
