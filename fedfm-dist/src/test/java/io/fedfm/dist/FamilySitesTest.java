package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fedfm.api.peft.Site;
import io.fedfm.runtime.anatomy.Anatomist;
import io.fedfm.runtime.anatomy.Anatomy;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.OnnxReader;
import io.fedfm.runtime.graph.ShapeProbe;
import io.fedfm.runtime.graph.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The sites of the second block of one export of each family, against its architecture. */
final class FamilySitesTest {
    private static final Path FAMILIES = Path.of("src/test/resources/exports/families");
    private static final String TABLE = "src/test/resources/exports/families/sites.csv";

    static Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FAMILIES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".onnx"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void everyFileIsInTheTable() throws IOException {
        List<String> rows = Files.readAllLines(Path.of(TABLE));

        assertThat(rows.stream().skip(1).map(row -> row.substring(0, row.indexOf(','))))
                .containsExactlyElementsOf(files().toList());
    }

    @ParameterizedTest
    @CsvFileSource(files = TABLE, numLinesToSkip = 1)
    void sitesAreThoseOfTheArchitecture(
            String file,
            String linears,
            String hiddens,
            long heads,
            long keyValueHeads,
            double scale,
            int scoresRank,
            int queryRank) {
        Graph graph = OnnxReader.read(FAMILIES.resolve(file));
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        Anatomy anatomy = Anatomist.study(graph, shapes);

        assertThat(roles(anatomy.linears().stream().map(Anatomy.Linear::site)))
                .containsExactlyInAnyOrder(linears.split(" "));
        assertThat(roles(anatomy.hiddens().stream().map(Anatomy.Hidden::site)))
                .containsExactlyInAnyOrder(hiddens.split(" "));
        assertThat(anatomy.attentions()).hasSize(2);
        for (Anatomy.Attention attention : anatomy.attentions()) {
            assertThat(attention.heads()).isEqualTo(heads);
            assertThat(attention.keyValueHeads()).isEqualTo(keyValueHeads);
            assertThat(Double.isNaN(attention.scale())).isEqualTo(Double.isNaN(scale));
            if (!Double.isNaN(scale)) {
                assertThat(attention.scale()).isCloseTo(scale, within(2e-4));
            }
            assertThat(attention.site().inputs()).isEqualTo(4);
            assertThat(attention.site().outputs()).isEqualTo(4);
            assertThat(shapes.rank(attention.scores())).isEqualTo(scoresRank);
            assertThat(shapes.rank(attention.query())).isEqualTo(queryRank);
            assertThat(shapes.rank(attention.context())).isEqualTo(queryRank);
        }
        assertThat(anatomy.embeddings()).hasSize(file.startsWith("dinov2") ? 0 : 1);
    }

    private static List<String> roles(Stream<Site> sites) {
        return sites.filter(site -> site.block() == 1).map(Site::role).toList();
    }

    @Test
    void packedPartsAreTheColumnsOfTheirRole() {
        Graph graph = OnnxReader.read(FAMILIES.resolve("phi3-dynamo-sdpa-opset20.onnx"));
        Shapes shapes = ShapeProbe.observe(graph, (batch, length) -> Map.of());
        List<String> parts =
                Anatomist.study(graph, shapes).linears().stream()
                        .filter(linear -> linear.site().block() == 0)
                        .map(l -> l.site().role() + " " + l.from() + " " + l.to())
                        .toList();

        assertThat(parts)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.asList(
                                "qkv 0 32",
                                "q 0 16",
                                "k 16 24",
                                "v 24 32",
                                "o 0 16",
                                "other 0 64",
                                "gate 0 32",
                                "up 32 64",
                                "down 0 16"));
    }
}
