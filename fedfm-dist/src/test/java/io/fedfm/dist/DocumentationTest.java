package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DocumentationTest {
    private static final Path ERRORS = Path.of("..", "docs", "errors.md");

    @Test
    void everyErrorCodeHasItsSection() throws IOException {
        List<String> headings =
                Files.readAllLines(ERRORS).stream()
                        .filter(line -> line.startsWith("## "))
                        .map(line -> line.substring(3))
                        .toList();

        assertThat(headings)
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::name).toList());
    }

    @Test
    void everyKindOfErrorHasItsExitCode() throws IOException {
        String page = Files.readString(ERRORS);

        for (ErrorKind kind : ErrorKind.values()) {
            assertThat(page).contains("| %d | `%s` |".formatted(kind.exitCode(), kind.name()));
        }
    }
}
