package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExternalDataTest {
    @TempDir private Path root;

    private Path folder;

    @BeforeEach
    void writeDataInsideAndOutside() throws IOException {
        folder = Files.createDirectories(root.resolve("model"));
        Files.createDirectories(folder.resolve("data"));
        ByteBuffer bytes = Models.random(4, 3).data();
        byte[] data = new byte[16 + bytes.remaining()];
        bytes.get(data, 16, bytes.remaining());
        Files.write(folder.resolve("data/weights.bin"), data);
        Files.write(root.resolve("outside.bin"), data);
    }

    @Test
    void mapsDataInsideTheFolder() {
        float[] expected = Models.random(4, 3).toFloats();
        assertThat(weight("data/weights.bin", "16", "48").toFloats()).isEqualTo(expected);
        assertThat(weight("./data/weights.bin", "16", null).toFloats()).isEqualTo(expected);
    }

    @Test
    void followsLinksThatStayInside() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("data/weights.bin"));
        assertThat(weight("link", "16", "48").toFloats()).isEqualTo(Models.random(4, 3).toFloats());
    }

    @Test
    void readsAModelThatIsReachedByALinkToItsFolder() throws IOException {
        write("data/weights.bin", "16", "48");
        Path link = Files.createSymbolicLink(root.resolve("alias"), folder);
        assertThat(OnnxReader.read(link).initializers()).containsKey("W");
    }

    @Test
    void refusesToLeaveTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("leak"), root.resolve("outside.bin"));
        Files.createSymbolicLink(folder.resolve("up"), root);
        refused("../outside.bin", "16", "48", "not inside the model's folder");
        refused("data/../../outside.bin", "16", "48", "not inside the model's folder");
        refused("data/../data/weights.bin", "16", "48", "not inside the model's folder");
        String absolute = folder.resolve("data/weights.bin").toString();
        refused(absolute, "16", "48", "not inside the model's folder");
        refused("leak", "16", "48", "not inside the model's folder");
        refused("up/outside.bin", "16", "48", "not inside the model's folder");
        refused("..\\outside.bin", "16", "48", "not inside the model's folder");
        refused("", "16", "48", "not inside the model's folder");
        refused("data/\0weights.bin", "16", "48", "not inside the model's folder");
    }

    @Test
    void refusesPlacesThatAreNotThere() {
        refused("data/none.bin", "0", "48", "is missing");
        refused("data", "0", "48", "is missing");
        refused("data/weights.bin", "17", "48", "beyond the end");
        refused("data/weights.bin", Long.toString(Long.MAX_VALUE), "48", "beyond the end");
        refused("data/weights.bin", "-1", "48", "negative");
        refused("data/weights.bin", "0", "-48", "negative");
        refused("data/weights.bin", "zero", "48", "no offset or length");
        refused("data/weights.bin", "0", "44", "needs 48 bytes and its external data has 44");
    }

    @Test
    void followsTheLinksOfAHuggingFaceCache() throws IOException {
        Path blobs = Files.createDirectories(root.resolve("models--o--m/blobs"));
        Path snapshot = Files.createDirectories(root.resolve("models--o--m/snapshots/abc/onnx"));
        write("model.onnx_data", "16", "48");
        Files.move(folder.resolve("model.onnx"), blobs.resolve("1"));
        Files.copy(root.resolve("outside.bin"), blobs.resolve("2"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/1"));
        Path data = snapshot.resolve("model.onnx_data");
        Files.createSymbolicLink(data, Path.of("../../../blobs/2"));

        assertThat(OnnxReader.read(snapshot).initializers().get("W").toFloats())
                .isEqualTo(Models.random(4, 3).toFloats());

        Files.delete(data);
        Files.createSymbolicLink(data, root.resolve("outside.bin"));
        assertThatThrownBy(() -> OnnxReader.read(snapshot))
                .hasMessageContaining("not inside the model's folder");
    }

    @Test
    void mapsFilesAndTensorsOfManyGigabytes() throws IOException {
        long offset = 5L << 30;
        try (FileChannel sparse =
                FileChannel.open(
                        folder.resolve("huge.bin"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            sparse.write(Models.random(4, 3).data(), offset);
        }
        assertThat(weight("huge.bin", Long.toString(offset), "48").toFloats())
                .isEqualTo(Models.random(4, 3).toFloats());

        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        for (int i = 0; i < 2; i++) {
            TensorProto.Builder tensor =
                    model.getGraphBuilder()
                            .addInitializerBuilder()
                            .setName("large" + i)
                            .setDataType(ElementType.FLOAT.onnx())
                            .addDims(400_000_000)
                            .setDataLocation(DataLocation.EXTERNAL);
            tensor.addExternalDataBuilder().setKey("location").setValue("huge.bin");
            String start = Long.toString(offset + 48 - (2L - i) * 1_600_000_000);
            tensor.addExternalDataBuilder().setKey("offset").setValue(start);
        }
        Graph graph = Models.read(folder, model.build().toByteArray());
        assertThat(graph.initializers().get("large0").data().remaining()).isEqualTo(1_600_000_000);
        assertThat(graph.initializers().get("large1").data().getFloat(1_600_000_000 - 4))
                .isEqualTo(Models.random(4, 3).toFloats()[11]);
    }

    @Test
    void saysThatDataIsAGitPointer() throws IOException {
        Files.writeString(folder.resolve("p"), "version https://git-lfs.github.com/spec/v1\n");
        refused("p", "16", "48", "run 'git lfs pull'");
    }

    private void refused(String location, String offset, String length, String what) {
        assertThatThrownBy(() -> weight(location, offset, length))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("'W'")
                .hasMessageContaining(what);
    }

    private Tensor weight(String location, String offset, String length) {
        write(location, offset, length);
        return OnnxReader.read(folder).initializers().get("W");
    }

    private void write(String location, String offset, String length) {
        ModelProto.Builder model = Models.proto(Models.product(Graph.OPSET));
        TensorProto.Builder tensor = model.getGraphBuilder().getInitializerBuilder(0);
        tensor.clearRawData().setDataLocation(DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue(location);
        tensor.addExternalDataBuilder().setKey("offset").setValue(offset);
        if (length != null) {
            tensor.addExternalDataBuilder().setKey("length").setValue(length);
        }
        Models.save(folder, model.build().toByteArray());
    }
}
