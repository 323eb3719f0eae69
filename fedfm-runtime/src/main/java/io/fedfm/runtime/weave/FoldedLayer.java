package io.fedfm.runtime.weave;

import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Graph;

/**
 * A linear layer that has taken its modules in.
 *
 * @param linear the layer; of a packed projection one of its sites
 * @param graph without inputs; its outputs are the values
 * @param weight the output that is the layer's whole weight, [in, out], or [out, in] where the
 *     layer's own is
 * @param bias the output that is the layer's whole bias [out]; "" if it has none
 */
public record FoldedLayer(Anatomy.Linear linear, Graph graph, String weight, String bias) {}
