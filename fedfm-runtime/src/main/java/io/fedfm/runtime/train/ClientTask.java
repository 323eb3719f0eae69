package io.fedfm.runtime.train;

import io.fedfm.api.tensor.ParameterVector;
import io.fedfm.runtime.data.Row;
import java.util.List;

/**
 * What a client is to do in a round.
 *
 * @param round from 1
 * @param client its id
 * @param rows its rows
 * @param start the parameters to start from; borrowed
 */
public record ClientTask(int round, int client, List<Row> rows, ParameterVector start) {}
