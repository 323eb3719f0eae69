/** A run from settings to its summary: what a launcher asks for, hears on the way, and gets. */
package io.fedfm.runtime.run;
