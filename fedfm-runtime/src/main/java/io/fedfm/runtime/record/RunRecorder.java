package io.fedfm.runtime.record;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.federation.LocalParts;
import io.fedfm.runtime.federation.RoundListener;
import io.fedfm.runtime.federation.RoundResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Records each round: first its line of metrics, then its checkpoint, whose last step, a rename,
 * makes the round count. Random streams depend on the seed, the round and the client only, so the
 * parameters are all that a resumed run needs.
 */
public final class RunRecorder implements RoundListener {
    private final RunDirectory directory;
    private final long seed;
    private final LocalParts locals;
    private final boolean keepsLocals;
    private final BufferAllocator allocator;
    private final List<RoundResult> rounds = new ArrayList<>();

    /**
     * Records a run.
     *
     * @param locals what each client keeps for itself; saved unless it is empty
     */
    public RunRecorder(
            RunDirectory directory, long seed, LocalParts locals, BufferAllocator allocator) {
        this.directory = directory;
        this.seed = seed;
        this.locals = locals;
        this.keepsLocals = locals.clients() > 0 && locals.of(0).size() > 0;
        this.allocator = allocator;
    }

    /**
     * Goes back to the newest checkpoint: overwrites {@code shared} and the clients' parts, and
     * forgets the metrics of later rounds.
     *
     * @return the round of the checkpoint; 0 if there is none, and then nothing is overwritten
     * @throws FedFmException CHECKPOINT_INVALID if it is damaged or of another configuration
     */
    public int resume(ParameterVector shared) {
        Checkpoint checkpoint = directory.checkpoints().latest().orElse(null);
        int round = checkpoint == null ? 0 : checkpoint.manifest().round();
        if (checkpoint != null) {
            check(checkpoint);
            checkpoint.restore(Checkpoint.ADAPTER, shared, allocator);
            for (int client = 0; keepsLocals && client < locals.clients(); client++) {
                checkpoint.restore(Checkpoint.local(client), locals.of(client), allocator);
            }
        }
        rounds.clear();
        rounds.addAll(directory.metrics().keep(round));
        return round;
    }

    @Override
    public void roundFinished(RoundResult result, ParameterVector shared) {
        directory.metrics().append(result);
        Map<String, ParameterVector> vectors = new LinkedHashMap<>();
        vectors.put(Checkpoint.ADAPTER, shared);
        for (int client = 0; keepsLocals && client < locals.clients(); client++) {
            vectors.put(Checkpoint.local(client), locals.of(client));
        }
        directory.checkpoints().save(result.round(), seed, Sha256.of(directory.config()), vectors);
        rounds.add(result);
    }

    /** The rounds so far, those before a resume included. */
    public List<RoundResult> rounds() {
        return List.copyOf(rounds);
    }

    private void check(Checkpoint checkpoint) {
        CheckpointManifest manifest = checkpoint.manifest();
        if (manifest.seed() != seed
                || !manifest.configSha256().equals(Sha256.of(directory.config()))) {
            throw new FedFmException(
                    ErrorCode.CHECKPOINT_INVALID,
                    "the checkpoint "
                            + checkpoint.folder()
                            + " is of another configuration; the run's config.resolved.yaml was"
                            + " changed");
        }
    }
}
