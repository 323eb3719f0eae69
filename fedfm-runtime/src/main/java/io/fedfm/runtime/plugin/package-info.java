/** Finds plugins, isolates them in class loaders of their own, and checks them. */
package io.fedfm.runtime.plugin;
