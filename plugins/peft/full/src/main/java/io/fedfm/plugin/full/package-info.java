/** Full fine-tuning. */
package io.fedfm.plugin.full;
