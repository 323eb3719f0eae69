/** Parameters and updates to bytes that travel, and back. */
package io.fedfm.runtime.codec;
