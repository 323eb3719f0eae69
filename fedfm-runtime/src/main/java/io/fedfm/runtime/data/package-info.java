/** From files to batches: readers, labels, tokens, what is held out, and whose rows are whose. */
package io.fedfm.runtime.data;
