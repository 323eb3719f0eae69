/** LayerNorm tuning (Zhao et al. 2023). */
package io.fedfm.plugin.lntuning;
