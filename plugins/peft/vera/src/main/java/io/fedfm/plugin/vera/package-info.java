/** VeRA (Kopiczko et al. 2024). */
package io.fedfm.plugin.vera;
