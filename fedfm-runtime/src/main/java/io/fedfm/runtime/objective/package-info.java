/** What is minimised: heads and losses, written as nodes behind the backbone. */
package io.fedfm.runtime.objective;
