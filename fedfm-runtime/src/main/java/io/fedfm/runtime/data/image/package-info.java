/** From image files to pixels as Hugging Face's image processors give them. */
package io.fedfm.runtime.data.image;
