/**
 * Finds the places in a backbone where modules go, by structure; names only label what was found.
 */
package io.fedfm.runtime.anatomy;
