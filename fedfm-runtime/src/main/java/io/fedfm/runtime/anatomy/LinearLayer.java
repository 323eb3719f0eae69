package io.fedfm.runtime.anatomy;

import io.fedfm.runtime.graph.Node;

/**
 * A linear layer {@code y = x W + b} as it stands in the graph, before it has a role.
 *
 * @param product the MatMul or Gemm
 * @param input the value x
 * @param output the value y: after the bias, if there is one
 * @param weight the constant W, [in, out], or [out, in] if transposed
 * @param transposed whether the constant is [out, in]
 * @param bias the constant b, or ""
 * @param inputs the width of x
 * @param outputs the width of y
 */
record LinearLayer(
        Node product,
        String input,
        String output,
        String weight,
        boolean transposed,
        String bias,
        long inputs,
        long outputs) {}
