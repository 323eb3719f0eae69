/** Trained models as plain ONNX files, which run without fedfm. */
package io.fedfm.runtime.deploy;
