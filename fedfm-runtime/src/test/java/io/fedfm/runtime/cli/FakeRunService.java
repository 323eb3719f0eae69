package io.fedfm.runtime.cli;

import io.fedfm.runtime.federation.RoundResult;
import io.fedfm.runtime.federation.RoundResult.ClientReport;
import io.fedfm.runtime.federation.RoundResult.Communication;
import io.fedfm.runtime.federation.RoundResult.Seconds;
import io.fedfm.runtime.run.RunListener;
import io.fedfm.runtime.run.RunRequest;
import io.fedfm.runtime.run.RunService;
import io.fedfm.runtime.run.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two clients that learn a little in each round, without training anything. */
final class FakeRunService implements RunService {
    RunRequest request;

    @Override
    public RunSummary run(RunRequest asked, RunListener listener) {
        request = asked;
        int rounds = asked.config().federation().numRounds();
        List<RoundResult> history = new ArrayList<>();
        listener.started("r1", 1, rounds, 2);
        for (int round = 1; round <= rounds; round++) {
            listener.clientFinished(round);
            listener.clientFinished(round);
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("loss", 1.0 / round);
            metrics.put("accuracy", 0.5 + 0.1 * round);
            RoundResult report =
                    new RoundResult(
                            round,
                            2.0 / round,
                            metrics,
                            40,
                            10,
                            new Communication(100, 200),
                            new Seconds(1.5, 1, 0.25, 0.125),
                            List.of(
                                    new ClientReport(0, 80, 5, 2.0 / round),
                                    new ClientReport(1, 80, 5, 2.0 / round)));
            history.add(report);
            listener.roundFinished(report);
        }
        return new RunSummary(
                "r1",
                asked.config().peft().type(),
                new RunSummary.ParameterCount(3_501_706, 70_282),
                4,
                "ab12",
                history);
    }
}
