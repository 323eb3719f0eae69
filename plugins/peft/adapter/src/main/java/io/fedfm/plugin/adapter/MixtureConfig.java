package io.fedfm.plugin.adapter;

import io.fedfm.api.Settings;
import java.util.HashSet;
import java.util.List;

/**
 * The settings of a mixture of adapters.
 *
 * @param experts {@code num_experts}, adapters at each place
 * @param tasks names of the tasks, each with a gate of its own
 * @param adapter those of each adapter
 */
record MixtureConfig(int experts, List<String> tasks, AdapterConfig adapter) {
    private static final String TASKS = "tasks";

    MixtureConfig {
        tasks = List.copyOf(tasks);
    }

    static MixtureConfig from(Settings settings) {
        List<String> tasks = settings.texts(TASKS, List.of("all"));
        if (tasks.isEmpty() || new HashSet<>(tasks).size() < tasks.size()) {
            settings.problem(TASKS, "must name at least one task, and each once");
        }
        for (String task : tasks) {
            if (!task.matches("[A-Za-z0-9_.]+")) {
                settings.problem(
                        TASKS, "'" + task + "' must be of letters, digits, '_' and '.' only");
            }
        }
        return new MixtureConfig(
                settings.positive("num_experts", 4), tasks, AdapterConfig.from(settings));
    }
}
