/** Prefix tuning (Li and Liang 2021). */
package io.fedfm.plugin.prefix;
