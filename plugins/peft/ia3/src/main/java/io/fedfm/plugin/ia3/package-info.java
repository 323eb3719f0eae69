/** IA3 (Liu et al. 2022). */
package io.fedfm.plugin.ia3;
