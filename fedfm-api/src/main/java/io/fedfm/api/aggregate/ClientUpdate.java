package io.fedfm.api.aggregate;

import io.fedfm.api.tensor.ParameterVector;

/**
 * What a client sends back after a round.
 *
 * @param client its id
 * @param samples the number of rows it trained on
 * @param loss the mean training loss over its steps
 * @param parameters its parameters after training
 */
public record ClientUpdate(int client, long samples, double loss, ParameterVector parameters) {}
