/** What settings name, opened: the model with its sites, the objective, what a run is made with. */
package io.fedfm.runtime.setup;
