package io.fedfm.runtime.data;

import io.fedfm.api.Settings;
import io.fedfm.runtime.config.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes the partitioner that {@code data.partitioner} asks for. */
public final class Partitioners {
    private static final String PARTITIONS = "num_partitions";
    private static final int DEFAULT_PARTITIONS = 10;

    private Partitioners() {}

    /**
     * Reads {@code type} and the arguments of that partitioner; {@code seed} is that of the run
     * unless it is given.
     *
     * @param settings the section; unread settings are refused
     * @param label the name of the column of labels, "" if there is none
     * @throws io.fedfm.api.FedFmException SETTINGS_INVALID with every problem
     */
    public static Partitioner create(Settings settings, String label, Seeds seeds) {
        String type = settings.oneOf("type", "iid", "iid", "dirichlet");
        int partitions = settings.positive(PARTITIONS, DEFAULT_PARTITIONS);
        Partitioner partitioner =
                type.equals("iid")
                        ? new IidPartitioner(partitions, seeds.stream("partition"))
                        : dirichlet(settings, partitions, label, seeds);
        settings.check();
        return partitioner;
    }

    private static Partitioner dirichlet(
            Settings settings, int partitions, String label, Seeds seeds) {
        String by = settings.text("partition_by", label);
        if (label.isEmpty()) {
            settings.problem(
                    "type", "dirichlet needs a class for each row (model.task SEQ_CLS); use iid");
        } else if (!by.equals(label)) {
            settings.problem(
                    "partition_by", "must be data.label '" + label + "', was '" + by + "'");
        }
        double[] alpha = alpha(settings, partitions);
        DirichletPartitioner.Arguments arguments =
                new DirichletPartitioner.Arguments(
                        alpha,
                        settings.positive("min_partition_size", 10),
                        settings.flag("self_balancing", false),
                        settings.flag("shuffle", true));
        Seeds own =
                settings.has("seed")
                        ? Seeds.of(
                                settings.integer("seed", 42, Integer.MIN_VALUE, Integer.MAX_VALUE))
                        : seeds;
        RandomGenerator random = own.stream("partition");
        return new DirichletPartitioner(arguments, random);
    }

    private static double[] alpha(Settings settings, int partitions) {
        List<String> given = settings.texts("alpha", List.of("0.5"));
        double[] alpha = new double[partitions];
        Arrays.fill(alpha, 1);
        if (given.size() != 1 && given.size() != partitions) {
            settings.problem(
                    "alpha",
                    "must be one number or one for each of the "
                            + partitions
                            + " partitions, has "
                            + given.size());
            return alpha;
        }
        for (int i = 0; i < partitions; i++) {
            alpha[i] = positive(settings, given.get(given.size() == 1 ? 0 : i));
        }
        return alpha;
    }

    private static double positive(Settings settings, String value) {
        try {
            double number = Double.parseDouble(value);
            if (number > 0 && Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is not positive.
        }
        settings.problem("alpha", "must be above 0, was '" + value + "'");
        return 1;
    }
}
