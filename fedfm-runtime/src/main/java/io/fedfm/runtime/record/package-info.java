/** A run on disk: its directory, its metrics, and checkpoints that are whole or not there. */
package io.fedfm.runtime.record;
