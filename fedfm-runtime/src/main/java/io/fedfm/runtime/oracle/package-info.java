/** Looks into a backbone, and proves the gradients that are derived for it. */
package io.fedfm.runtime.oracle;
