package io.fedfm.runtime.federation;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Keeps tasks apart: what all clients share is aggregated over all of them, and the parameters of a
 * task over the clients that have rows of it, by their number. Where no client of a round has any,
 * the task's parameters stay what they are.
 */
public final class TaskAggregation implements Aggregator {
    private static final String EVERYBODY = "";

    private final Map<String, String> tasks;
    private final List<Map<String, Long>> rows;
    private final Supplier<Aggregator> fresh;
    private final Map<String, Aggregator> aggregators = new HashMap<>();
    private final BufferAllocator allocator;

    /**
     * An aggregation by tasks.
     *
     * @param tasks parameters that belong to a task, with its name
     * @param rows for each client the number of rows of each of its tasks
     * @param fresh makes an aggregator for each group of parameters, which may keep state
     */
    public TaskAggregation(
            Map<String, String> tasks,
            List<Map<String, Long>> rows,
            Supplier<Aggregator> fresh,
            BufferAllocator allocator) {
        this.tasks = Map.copyOf(tasks);
        this.rows = List.copyOf(rows);
        this.fresh = fresh;
        this.allocator = allocator;
    }

    @Override
    public void aggregate(
            ParameterVector global, List<ClientUpdate> updates, ParameterVector result) {
        Set<String> groups =
                global.layout().entries().stream()
                        .map(entry -> taskOf(entry.name()))
                        .collect(Collectors.toSet());
        for (String task : groups) {
            ParameterLayout layout =
                    StateLayouts.part(global.layout(), name -> taskOf(name).equals(task));
            List<ClientUpdate> owners = task.equals(EVERYBODY) ? updates : owners(task, updates);
            if (owners.isEmpty()) {
                StateLayouts.copy(layout, global, result);
            } else {
                aggregate(task, layout, global, owners, result);
            }
        }
    }

    private String taskOf(String parameter) {
        return tasks.getOrDefault(parameter, EVERYBODY);
    }

    /** The updates of clients that have the task, with the number of their rows of it. */
    private List<ClientUpdate> owners(String task, List<ClientUpdate> updates) {
        List<ClientUpdate> owners = new ArrayList<>();
        for (ClientUpdate update : updates) {
            long samples = rows.get(update.client()).getOrDefault(task, 0L);
            if (samples > 0) {
                owners.add(
                        new ClientUpdate(
                                update.client(), samples, update.loss(), update.parameters()));
            }
        }
        return owners;
    }

    private void aggregate(
            String task,
            ParameterLayout layout,
            ParameterVector global,
            List<ClientUpdate> owners,
            ParameterVector result) {
        List<ParameterVector> parts = new ArrayList<>();
        try {
            ParameterVector before = part(layout, global, parts);
            List<ClientUpdate> updates = new ArrayList<>();
            for (ClientUpdate owner : owners) {
                updates.add(
                        new ClientUpdate(
                                owner.client(),
                                owner.samples(),
                                owner.loss(),
                                part(layout, owner.parameters(), parts)));
            }
            ParameterVector after = ParameterVector.zeros(allocator, layout);
            parts.add(after);
            aggregators.computeIfAbsent(task, k -> fresh.get()).aggregate(before, updates, after);
            StateLayouts.copy(layout, after, result);
        } finally {
            parts.forEach(ParameterVector::close);
        }
    }

    private ParameterVector part(
            ParameterLayout layout, ParameterVector whole, List<ParameterVector> owned) {
        ParameterVector part = ParameterVector.zeros(allocator, layout);
        owned.add(part);
        StateLayouts.copy(layout, whole, part);
        return part;
    }
}
