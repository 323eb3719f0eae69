package io.fedfm.runtime.peft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelFamilyTest {
    @ParameterizedTest
    @CsvSource({
        "llama, model.layers.0.input_layernorm, layers.0.input_layernorm",
        "llama, layers.0.input_layernorm, layers.0.input_layernorm",
        "llama, m.model.layers.0.input_layernorm, layers.0.input_layernorm",
        "llama, model.model.layers.0.input_layernorm, layers.0.input_layernorm",
        "bert, bert.encoder.layer.1.output.dense, encoder.layer.1.output.dense",
        "bert, wrapped.bert.pooler.dense, pooler.dense",
        "distilbert, distilbert.transformer.layer.0.ffn.lin1, transformer.layer.0.ffn.lin1"
    })
    void pathsInTheBareModelAreWithoutThePrefixAndWithoutWrappers(
            String family, String path, String bare) {
        assertThat(ModelFamily.of(family).orElseThrow().bare(path)).isEqualTo(bare);
    }
}
