package io.fedfm.testing;

import static io.fedfm.testing.TensorAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.tensor.ParameterVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every aggregator keeps to; an aggregator's test extends this and names its factory. */
public abstract class AggregatorContract {
    private static final double TOLERANCE = 1e-5;

    private final List<ParameterVector> opened = new ArrayList<>();
    private BufferAllocator allocator;

    /** The factory under test. */
    protected abstract AggregatorFactory factory();

    /** The settings to test with; none unless overridden. */
    protected Map<String, Object> settings() {
        return Map.of();
    }

    /** Whether clients that all send one and the same vector make it the next global one. */
    protected boolean keepsEqualClients() {
        return true;
    }

    /** Whether the result lies between the least and the largest that a client sent. */
    protected boolean staysBetweenClients() {
        return true;
    }

    @BeforeEach
    void openAllocator() {
        allocator = new RootAllocator();
    }

    /** Closing the allocator fails the test if the aggregator left a buffer open. */
    @AfterEach
    void closeAllocator() {
        opened.forEach(ParameterVector::close);
        allocator.close();
    }

    @Test
    void factoryIsNamedAndDiscoverable() {
        PluginContract.checkIdentity(factory().name(), factory().apiVersion());
        ServiceFiles.assertDiscoverable(AggregatorFactory.class, factory().getClass());
    }

    @Test
    void unknownSettingIsRefused() {
        PluginContract.checkUnknownSettingIsRefused(factory()::create, settings());
    }

    @Test
    void equalClientsAreAFixedPoint() {
        if (!keepsEqualClients()) {
            return;
        }
        ParameterVector sent = random(2);
        List<ClientUpdate> updates = List.of(update(0, 3, sent), update(1, 5, copy(sent)));

        ParameterVector result = aggregate(create(), random(1), updates);

        assertClose(result, ParameterVectors.values(sent), TOLERANCE);
    }

    @Test
    void resultStaysBetweenTheClients() {
        if (!staysBetweenClients()) {
            return;
        }
        List<ClientUpdate> updates = updates();

        float[] result = ParameterVectors.values(aggregate(create(), random(1), updates));

        for (int i = 0; i < result.length; i++) {
            float least = Float.POSITIVE_INFINITY;
            float most = Float.NEGATIVE_INFINITY;
            for (ClientUpdate update : updates) {
                float value = ParameterVectors.values(update.parameters())[i];
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            assertThat((double) result[i])
                    .as("element %d", i)
                    .isBetween(least - TOLERANCE, most + TOLERANCE);
        }
    }

    @Test
    void writesEveryElementOfTheResult() {
        assertThat(aggregate(create(), random(1), updates()).isFinite()).isTrue();
    }

    @Test
    void oneClientIsEnough() {
        List<ClientUpdate> one = List.of(update(4, 10, random(3)));

        assertThat(aggregate(create(), random(1), one).isFinite()).isTrue();
    }

    @Test
    void inputsAreLeftAlone() {
        ParameterVector global = random(1);
        List<ClientUpdate> updates = updates();
        float[] globalBefore = ParameterVectors.values(global);
        List<float[]> before =
                updates.stream().map(u -> ParameterVectors.values(u.parameters())).toList();

        aggregate(create(), global, updates);

        assertClose(global, globalBefore, 0);
        for (int i = 0; i < before.size(); i++) {
            assertClose(updates.get(i).parameters(), before.get(i), 0);
        }
    }

    @Test
    void sameRoundsGiveTheSameBytes() {
        Aggregator first = create();
        Aggregator second = create();
        ParameterVector a = random(1);
        ParameterVector b = copy(a);
        for (int round = 0; round < 3; round++) {
            List<ClientUpdate> updates = updates();
            a = aggregate(first, a, updates);
            b = aggregate(second, b, updates);

            assertThat(ParameterVectors.values(a)).isEqualTo(ParameterVectors.values(b));
        }
    }

    private Aggregator create() {
        return PluginContract.create(factory()::create, settings());
    }

    private ParameterVector aggregate(
            Aggregator aggregator, ParameterVector global, List<ClientUpdate> updates) {
        ParameterVector result = keep(ParameterVectors.unwritten(allocator, global.layout()));
        aggregator.aggregate(global, updates, result);
        return result;
    }

    private List<ClientUpdate> updates() {
        return List.of(update(0, 7, random(2)), update(2, 1, random(3)), update(5, 12, random(4)));
    }

    private static ClientUpdate update(int client, long samples, ParameterVector parameters) {
        return new ClientUpdate(client, samples, 1.0, parameters);
    }

    private ParameterVector random(long seed) {
        return keep(ParameterVectors.random(allocator, ParameterVectors.layout(), seed));
    }

    private ParameterVector copy(ParameterVector vector) {
        return keep(vector.copy(allocator));
    }

    private ParameterVector keep(ParameterVector vector) {
        opened.add(vector);
        return vector;
    }
}
