package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {
    @TempDir private Path folder;

    @Test
    void showsWhatLiesBesideTheModel() throws IOException {
        Path onnx = Models.save(folder, OnnxWriter.write(Models.product(Graph.OPSET)));
        ModelFolder bare = ModelFolder.open(onnx);
        assertThat(bare.onnx()).isEqualTo(onnx);
        assertThat(bare.config()).isEmpty();
        assertThat(bare.tokenizer()).isEmpty();
        assertThat(bare.read().outputs()).containsExactly("y");

        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\"}");
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        ModelFolder full = ModelFolder.open(folder);
        assertThat(full.config().orElseThrow().get("model_type").asText()).isEqualTo("bert");
        assertThat(full.tokenizer()).contains(tokenizer);
        assertThat(full.sha256()).isEqualTo(bare.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void readsTheFolderOnnxOfARepository() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("onnx"));
        Path saved = Models.save(inner, OnnxWriter.write(Models.product(Graph.OPSET)));
        Path onnx = Files.move(saved, inner.resolve("model_quantized.onnx"));
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");

        ModelFolder found = ModelFolder.open(folder);

        assertThat(found.onnx()).isEqualTo(onnx);
        assertThat(found.tokenizer()).contains(tokenizer);
        assertThat(found.directory()).isEqualTo(folder);
    }

    @Test
    void aVariantIsNotWhatThePropertiesAreOf() throws IOException {
        Path onnx = Models.save(folder, OnnxWriter.write(Models.product(Graph.OPSET)));
        Path variant = Files.copy(onnx, folder.resolve("model_quantized.onnx"));
        Files.writeString(folder.resolve("model.properties"), "sha256 = " + "0".repeat(64));

        assertThat(ModelFolder.open(variant).onnx()).isEqualTo(variant);
    }

    @Test
    void knowsTheDigestOfAnEmptyFile() {
        Models.save(folder, new byte[0]);
        assertThat(ModelFolder.open(folder).sha256())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void checksTheDigestInTheProperties() throws IOException {
        Models.save(folder, OnnxWriter.write(Models.product(Graph.OPSET)));
        String right = ModelFolder.open(folder).sha256();
        Path properties = folder.resolve("model.properties");
        Files.writeString(properties, "licence = Apache-2.0\n");
        assertThat(ModelFolder.open(folder).sha256()).isEqualTo(right);
        Files.writeString(properties, "sha256 = " + right.toUpperCase() + "\n");
        assertThat(ModelFolder.open(folder).sha256()).isEqualTo(right);
        String wrong = "0".repeat(64);
        Files.writeString(properties, "sha256 = " + wrong + "\n");
        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining(right)
                .hasMessageContaining(wrong);
    }

    @Test
    void refusesAConfigThatIsNoJson() throws IOException {
        Models.save(folder, OnnxWriter.write(Models.product(Graph.OPSET)));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": ");
        assertThatThrownBy(() -> ModelFolder.open(folder).config())
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_INVALID))
                .hasMessageContaining("config.json");
    }
}
