/** Prompt tuning (Lester et al. 2021). */
package io.fedfm.plugin.prompt;
