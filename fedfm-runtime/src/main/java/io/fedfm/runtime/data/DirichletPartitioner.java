package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.DirichletSampler;

/**
 * Label skew (Hsu, Qi and Brown 2019; Yurochkin et al. 2019): for each class draw {@code p ~
 * Dirichlet(alpha)} over the clients and cut the n rows of the class at {@code floor(cumsum(p) *
 * n)}; draw again while a client has fewer than {@code min_partition_size} rows.
 */
final class DirichletPartitioner implements Partitioner {
    /** Draws after the first, as in flwr-datasets. */
    private static final int RETRIES = 10;

    /**
     * The arguments, named as in flwr-datasets.
     *
     * @param alpha the concentration of each partition
     * @param minPartitionSize rows of a partition at least
     * @param selfBalancing whether a partition above the mean size gets no more
     * @param shuffle whether a partition's rows are mixed, rather than class by class
     */
    record Arguments(
            double[] alpha, int minPartitionSize, boolean selfBalancing, boolean shuffle) {}

    private final Arguments arguments;
    private final RandomGenerator random;

    DirichletPartitioner(Arguments arguments, RandomGenerator random) {
        this.arguments = arguments;
        this.random = random;
    }

    @Override
    public List<int[]> partition(int[] labels) {
        int smallest = 0;
        for (int attempt = 0; attempt <= RETRIES; attempt++) {
            List<List<Integer>> parts = draw(labels);
            smallest = parts.stream().mapToInt(List::size).min().orElse(0);
            if (smallest >= arguments.minPartitionSize()) {
                return parts.stream().map(this::toArray).toList();
            }
        }
        throw new FedFmException(
                ErrorCode.DATA_INVALID,
                "dirichlet: after "
                        + RETRIES
                        + " retries some client still has "
                        + smallest
                        + " of "
                        + labels.length
                        + " rows, fewer than min_partition_size "
                        + arguments.minPartitionSize()
                        + "; raise alpha, or lower min_partition_size or num_partitions");
    }

    private List<List<Integer>> draw(int[] labels) {
        // A lambda is a UniformRandomProvider: it needs 64 random bits and no more.
        UniformRandomProvider bits = random::nextLong;
        int partitions = arguments.alpha().length;
        List<List<Integer>> parts = new ArrayList<>();
        IntStream.range(0, partitions).forEach(i -> parts.add(new ArrayList<>()));
        double mean = (double) labels.length / partitions;
        // Classes in the order in which they first occur, as flwr-datasets takes them.
        for (int label : IntStream.of(labels).distinct().toArray()) {
            int[] rows = rowsOf(label, labels);
            double[] share =
                    partitions == 1
                            ? new double[] {1}
                            : DirichletSampler.of(bits, arguments.alpha()).sample();
            if (arguments.selfBalancing()) {
                balance(share, parts, mean);
            }
            deal(rows, share, parts);
        }
        return parts;
    }

    private static int[] rowsOf(int label, int[] labels) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }

    private static void balance(double[] share, List<List<Integer>> parts, double mean) {
        for (int i = 0; i < share.length; i++) {
            share[i] = parts.get(i).size() > mean ? 0 : share[i];
        }
        double sum = Arrays.stream(share).sum();
        for (int i = 0; i < share.length; i++) {
            share[i] /= sum;
        }
    }

    private static void deal(int[] rows, double[] share, List<List<Integer>> parts) {
        int from = 0;
        double cumulative = 0;
        for (int i = 0; i < share.length; i++) {
            cumulative += share[i];
            int to = i == share.length - 1 ? rows.length : (int) (cumulative * rows.length);
            to = Math.min(rows.length, to);
            for (int j = from; j < to; j++) {
                parts.get(i).add(rows[j]);
            }
            from = to;
        }
    }

    private int[] toArray(List<Integer> part) {
        int[] rows = part.stream().mapToInt(Integer::intValue).toArray();
        if (arguments.shuffle()) {
            Shuffle.shuffle(rows, random);
        }
        return rows;
    }
}
