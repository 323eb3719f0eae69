/** What one client does in a round: local epochs over its rows; and evaluation. */
package io.fedfm.runtime.train;
