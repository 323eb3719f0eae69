package io.fedfm.runtime.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pixels against those of Hugging Face's processors; {@code make_images.py} made the fixtures. */
final class ProcessorAgreementTest {
    private static final Path FIXTURES = Path.of("src/test/resources/images");
    private static final float ONE_UNIT_IN_THE_LAST_PLACE = 1e-6f;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "grey.png",
                "alpha.png",
                "grey-alpha.png",
                "palette.png",
                "palette.gif",
                "one-bit.png",
                "rgb.bmp",
                "grey.bmp",
                "small.png"
            })
    void losslessFilesGiveTheSamePixels(String image) throws IOException {
        assertThat(difference("bytes", image, 16, 16)).isZero();
        assertThat(difference("vit", image, 16, 16)).isLessThan(ONE_UNIT_IN_THE_LAST_PLACE);
        assertThat(difference("vit-bicubic", image, 20, 24)).isLessThan(ONE_UNIT_IN_THE_LAST_PLACE);
        assertThat(difference("clip", image, 16, 17)).isLessThan(ONE_UNIT_IN_THE_LAST_PLACE);
    }

    /** Decoders of JPEG may round differently. */
    @ParameterizedTest
    @CsvSource({"rgb.jpg,1", "rgb-420.jpg,1", "grey.jpg,0"})
    void jpegFilesGiveThePixelsToOneStepOfABrightness(String image, int steps) throws IOException {
        assertThat(difference("bytes", image, 16, 16)).isLessThanOrEqualTo(steps);
        assertThat(difference("vit", image, 16, 16)).isLessThan(steps * 2 / 255f + 1e-6f);
    }

    private static float difference(String processor, String image, int height, int width)
            throws IOException {
        ImageSize size = new ImageSize(height, width);
        ImageProcessing processing =
                ProcessorSettings.read(FIXTURES.resolve(processor), Map.of(), size);
        float[] pixels = new float[Normalisation.CHANNELS * size.pixels()];
        processing
                .normalisation()
                .write(processing.pixels(FIXTURES.resolve(image)).get(), pixels, 0);
        ByteBuffer expected =
                ByteBuffer.wrap(
                                Files.readAllBytes(
                                        FIXTURES.resolve(processor).resolve(image + ".f32")))
                        .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(expected.remaining()).isEqualTo(pixels.length * Float.BYTES);
        float greatest = 0;
        for (float pixel : pixels) {
            greatest = Math.max(greatest, Math.abs(pixel - expected.getFloat()));
        }
        return greatest;
    }
}
