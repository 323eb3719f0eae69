/**
 * Oracles for what the compiled programs compute: the forward graph on DJL arrays, operator by
 * operator, under PyTorch's autograd.
 */
package io.fedfm.runtime.oracle;
