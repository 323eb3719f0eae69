/** ONNX graphs in and out: a strict reader, a mutable graph at one opset, and a writer. */
package io.fedfm.runtime.graph;
