/** BitFit (Ben Zaken et al. 2022). */
package io.fedfm.plugin.bitfit;
