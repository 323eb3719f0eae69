/** Updates as they are. */
package io.fedfm.plugin.none;
