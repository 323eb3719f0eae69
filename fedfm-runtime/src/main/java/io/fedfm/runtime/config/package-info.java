/** A run's settings as values, checked when they are made. */
package io.fedfm.runtime.config;
