/** What was trained, loaded again and written in the formats of other tools. */
package io.fedfm.runtime.export;
