/** Many clients' updates to one. */
package io.fedfm.api.aggregate;
