package io.fedfm.runtime.data;

import io.fedfm.runtime.data.image.ImageSize;

/**
 * The input of a backbone of images: float32 [rows, 3, height, width].
 *
 * @param name of the input
 * @param size height and width
 */
public record PixelInput(String name, ImageSize size) implements ModelInputs {}
