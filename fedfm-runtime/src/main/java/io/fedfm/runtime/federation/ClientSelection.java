package io.fedfm.runtime.federation;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which clients train in a round: all, or as many as asked, uniformly without replacement. */
public final class ClientSelection {
    private final int clients;
    private final int perRound;
    private final Seeds seeds;

    /** A selection of {@code perRound} out of {@code clients}; 0 for all. */
    public ClientSelection(int clients, int perRound, Seeds seeds) {
        if (perRound > clients) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "federation.clients_per_round is "
                            + perRound
                            + ", but there are "
                            + clients
                            + " clients");
        }
        this.clients = clients;
        this.perRound = perRound == 0 ? clients : perRound;
        this.seeds = seeds;
    }

    /** The ids of the clients of a round, ascending. */
    public List<Integer> select(int round) {
        int[] ids = IntStream.range(0, clients).toArray();
        RandomGenerator random = seeds.stream("selection", round);
        for (int i = 0; i < perRound; i++) {
            int other = random.nextInt(i, clients);
            int id = ids[i];
            ids[i] = ids[other];
            ids[other] = id;
        }
        return IntStream.of(ids).limit(perRound).sorted().boxed().toList();
    }
}
