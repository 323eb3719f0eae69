package io.fedfm.runtime.objective;

/**
 * The values an objective gives.
 *
 * @param loss float scalar: the mean over the labels that count
 * @param labels float scalar: how many labels count
 * @param correct float scalar: how many of them the most likely class equals
 * @param logits [rows, classes] or [rows, length, vocabulary]
 */
public record Terms(String loss, String labels, String correct, String logits) {}
