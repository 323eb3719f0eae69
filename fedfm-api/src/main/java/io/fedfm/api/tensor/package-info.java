/** The vocabulary of tensors that modules are written in, and the flat state that travels. */
package io.fedfm.api.tensor;
