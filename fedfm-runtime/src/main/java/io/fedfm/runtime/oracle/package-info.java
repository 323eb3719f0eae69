/**
 * Looks into a backbone, and proves the gradients that are derived for it: oracles for what the
 * compiled programs compute, such as the forward graph on DJL arrays under PyTorch's autograd.
 */
package io.fedfm.runtime.oracle;
