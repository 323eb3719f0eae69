/** What all kinds of plugin share: the version of the API, settings and errors. */
package io.fedfm.api;
