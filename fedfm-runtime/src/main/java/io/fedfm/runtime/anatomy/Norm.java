package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;

/**
 * A normalisation.
 *
 * @param input the value that is normalised, before any casts
 * @param output the normalised value, scaled and shifted
 * @param last the node that makes the output
 * @param weight the initializer that scales, or ""
 * @param bias the initializer that shifts, or ""
 */
record Norm(String input, String output, Node last, String weight, String bias) {}
