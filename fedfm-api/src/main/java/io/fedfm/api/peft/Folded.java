package io.fedfm.api.peft;

/**
 * A linear layer that has taken a module in.
 *
 * @param weight [in, out]
 * @param bias [out]; null if the layer has none
 * @param <T> a tensor
 */
public record Folded<T>(T weight, T bias) {}
