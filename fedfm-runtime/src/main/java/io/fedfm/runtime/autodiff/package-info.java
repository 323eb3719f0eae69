/** Reverse-mode differentiation of a graph: vector-Jacobian products appended as ordinary nodes. */
package io.fedfm.runtime.autodiff;
