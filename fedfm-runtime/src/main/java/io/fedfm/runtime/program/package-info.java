/**
 * Compiles a woven graph to something that trains: one ORT session, or segments with DJL between
 * them.
 */
package io.fedfm.runtime.program;
