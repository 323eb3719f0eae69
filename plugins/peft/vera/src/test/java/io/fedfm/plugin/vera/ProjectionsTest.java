package io.fedfm.plugin.vera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectionsTest {
    @TempDir Path folder;

    @Test
    void areThoseThatThePeftLibraryDraws() {
        // peft 0.21: generator.manual_seed(3), _kaiming_init((4, 24)), then _kaiming_init((40, 4))
        Projections projections = Projections.drawn(3, 4, 24, 40);

        float[] a = projections.a().values().get();
        assertThat(a).hasSize(4 * 24);
        assertThat(new float[] {a[0], a[1], a[95]})
                .containsExactly(-0x1.fba258p-2f, -0x1.93e5ap-2f, 0x1.64fa58p-3f);
        assertThat(sum(a)).isEqualTo(-4.9508262276649475);
        float[] b = projections.b().values().get();
        assertThat(b).hasSize(40 * 4);
        assertThat(new float[] {b[0], b[1], b[159]})
                .containsExactly(-0x1.a79850p-1f, 0x1.5a0e16p-1f, -0x1.107a82p+0f);
        assertThat(sum(b)).isEqualTo(9.918819573242217);
    }

    @Test
    void comeFromAFileThatThePeftLibraryHasSaved() throws IOException {
        Projections projections = Projections.read(file("base_model."), 2, 3, 4);

        assertThat(projections.a().spec().shape()).containsExactly(2, 5);
        assertThat(projections.a().values().get()[1]).isEqualTo(1);
        assertThat(projections.b().spec().shape()).containsExactly(4, 2);
    }

    @Test
    void refuseAFileThatDoesNotFit() throws IOException {
        String file = file("");

        assertThatThrownBy(() -> Projections.read(file, 3, 3, 4))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining("'vera_A' of the rank peft.r = 3")
                .hasMessageContaining("it is [2, 5]");
        assertThatThrownBy(() -> Projections.read(file, 2, 3, 5))
                .hasMessageContaining("'vera_B'")
                .hasMessageContaining("width 5");
    }

    @Test
    void refuseAFileThatIsNotThere() {
        assertThatThrownBy(() -> Projections.read(folder.resolve("no.safetensors") + "", 2, 3, 4))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE));
    }

    @Test
    void refuseAFileThatIsSomethingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("text.safetensors"), "hello, I am no tensor");

        assertThatThrownBy(() -> Projections.read(file.toString(), 2, 3, 4))
                .isInstanceOf(FedFmException.class)
                .hasMessageContaining("text.safetensors");
    }

    private String file(String prefix) throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        try (NDManager manager = NDManager.newBaseManager();
                OutputStream out = Files.newOutputStream(file)) {
            NDArray a = manager.arange(10).toType(ai.djl.ndarray.types.DataType.FLOAT32, true);
            a = a.reshape(new Shape(2, 5));
            NDArray b = manager.ones(new Shape(4, 2));
            a.setName(prefix + "vera_A");
            b.setName(prefix + "vera_B");
            new NDList(a, b).encode(out, NDList.Encoding.SAFETENSORS);
        }
        return file.toString();
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
