/** Contract tests for the three kinds of plugin, and the fakes they run on. */
package io.fedfm.testing;
