package io.fedfm.runtime.train;

/**
 * How many entities there are.
 *
 * @param predicted by the model
 * @param labelled in the data
 * @param both predicted with the right words and type
 */
public record EntityCounts(long predicted, long labelled, long both) {
    /** Nothing counted yet. */
    static final EntityCounts NONE = new EntityCounts(0, 0, 0);

    /** Both together. */
    EntityCounts plus(EntityCounts other) {
        return new EntityCounts(
                predicted + other.predicted, labelled + other.labelled, both + other.both);
    }

    /** The part of the predicted entities that is right; 0 if none is predicted. */
    public double precision() {
        return predicted == 0 ? 0 : (double) both / predicted;
    }

    /** The part of the labelled entities that was found; 0 if there is none. */
    public double recall() {
        return labelled == 0 ? 0 : (double) both / labelled;
    }

    /** {@code 2 p r / (p + r)} over all types together (micro average); 0 if none is right. */
    public double f1() {
        return both == 0 ? 0 : 2.0 * both / (predicted + labelled);
    }
}
