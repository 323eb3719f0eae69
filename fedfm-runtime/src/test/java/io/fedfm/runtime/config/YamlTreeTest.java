package io.fedfm.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.FedFmException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class YamlTreeTest {
    @Test
    void readsScalarsByType() {
        assertThat(YamlTree.mapping("{a: 1, b: 1.5, c: true, d: x, e: [y, n, on], f: ~}", "t"))
                .containsEntry("a", 1)
                .containsEntry("b", 1.5)
                .containsEntry("c", true)
                .containsEntry("d", "x")
                .containsEntry("e", List.of("y", "n", "on"))
                .containsEntry("f", null);
    }

    @Test
    void patternsKeepTheirHyphens() {
        assertThat(YamlTree.mapping("rank-pattern: {'layer.[0-5].query': 4}", "f"))
                .isEqualTo(Map.of("rank_pattern", Map.of("layer.[0-5].query", 4)));
    }

    @Test
    void anEmptyDocumentIsAnEmptyMapping() {
        assertThat(YamlTree.mapping("# nothing\n", "t")).isEmpty();
    }

    @Test
    void aSyntaxErrorNamesFileLineAndColumn() {
        assertThatThrownBy(() -> YamlTree.mapping("seed: 1\nmodel: {path: [x}\n", "run.yaml"))
                .isInstanceOf(FedFmException.class)
                .hasMessageStartingWith("run.yaml, line 2, column ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesDuplicateKeysInEitherSpelling() {
        assertThatThrownBy(() -> YamlTree.mapping("a: 1\na: 2", "t"))
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> YamlTree.mapping("num-labels: 1\nnum_labels: 2", "t"))
                .hasMessageContaining("'num_labels' is given twice");
    }

    @Test
    void refusesAliasesSecondDocumentsAndLists() {
        assertThatThrownBy(() -> YamlTree.mapping("a: &x [1]\nb: *x", "t"))
                .hasMessageContaining("aliases");
        assertThatThrownBy(() -> YamlTree.mapping("a: 1\n---\nb: 2", "t"))
                .hasMessageContaining("second document");
        assertThatThrownBy(() -> YamlTree.mapping("[1, 2]", "t"))
                .hasMessageContaining("must be a mapping");
    }

    @Test
    void refusesWhatIsTooBigOrTooDeep() {
        assertThatThrownBy(() -> YamlTree.mapping("#".repeat(1 << 21), "t"))
                .hasMessageContaining("characters");
        assertThatThrownBy(() -> YamlTree.mapping("a: " + "[".repeat(100), "t"))
                .isInstanceOf(FedFmException.class);
    }
}
