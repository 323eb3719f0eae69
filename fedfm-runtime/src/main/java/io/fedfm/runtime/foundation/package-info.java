/** Backbones that are made rather than downloaded: the reference transformer, as ONNX. */
package io.fedfm.runtime.foundation;
