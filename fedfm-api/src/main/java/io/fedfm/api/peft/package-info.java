/** A way to make a frozen backbone trainable: modules at sites, and promoted weights. */
package io.fedfm.api.peft;
