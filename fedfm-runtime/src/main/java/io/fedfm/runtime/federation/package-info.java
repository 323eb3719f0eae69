/** Rounds: who trains, what travels, how it is combined, what stays with a client. */
package io.fedfm.runtime.federation;
