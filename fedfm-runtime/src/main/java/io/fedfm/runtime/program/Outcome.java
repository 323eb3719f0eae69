package io.fedfm.runtime.program;

/**
 * What a batch gave.
 *
 * @param loss the mean over the labels that count
 * @param labels how many labels count
 * @param correct how many of them the most likely class equals
 */
public record Outcome(double loss, long labels, long correct) {}
