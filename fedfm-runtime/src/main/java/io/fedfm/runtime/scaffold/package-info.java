/** A project for a plugin of one's own. */
package io.fedfm.runtime.scaffold;
