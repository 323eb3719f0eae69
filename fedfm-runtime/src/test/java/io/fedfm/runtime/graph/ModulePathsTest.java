package io.fedfm.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModulePathsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/bert/encoder/layer.0/attention/self/query/MatMul,"
                        + " bert.encoder.layer.0.attention.self.query",
                "/layer1/layer1.0/conv1/Conv, layer1.0.conv1",
                "/1/1.0/1.0.0/fn/fn.0/norm/BatchNormalization, 1.0.0.fn.0.norm",
                "/layers/layers.1/MatMul_3, layers.1",
                "/Shape, ''",
                "MatMul_84, ''",
                "model/dense/MatMul, ''",
                "'', ''"
            })
    void readsNodeNames(String name, String path) {
        assertThat(ModulePaths.ofName(name)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "['', 'encoder', 'encoder.layer.0', 'linear_1'] | encoder.layer.0",
                "['', \"encoder\", 'linear_1'] | encoder",
                "['', 'index'] | ``",
                "['_empty_nn_module_stack_from_metadata_hook', 'sym_size_int_16'] | ``",
                "['alone'] | ``",
                "[] | ``"
            })
    void readsScopes(String scopes, String path) {
        assertThat(ModulePaths.ofScopes(scopes)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ": a.Bert/encoder: a.Encoder/encoder.layer.0: a.Layer/linear_1: aten.linear.default"
                        + " | encoder.layer.0",
                ": a.Bert/index: aten.index.Tensor | ''",
                "_empty_nn_module_stack_from_metadata_hook: x/sym_size: aten.sym_size.int | ''",
                "index | ''"
            })
    void readsNamespaces(String namespace, String path) {
        assertThat(ModulePaths.ofNamespace(namespace)).isEqualTo(path);
    }
}
