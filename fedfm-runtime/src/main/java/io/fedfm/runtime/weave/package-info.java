/** Inserts modules into a backbone's graph: as nodes, or as opaque places for another engine. */
package io.fedfm.runtime.weave;
