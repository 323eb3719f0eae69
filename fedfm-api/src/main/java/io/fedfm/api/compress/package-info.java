/** An update to fewer bytes and back. */
package io.fedfm.api.compress;
