package io.fedfm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ShellTest {
    private final CommandHarness fedfm = new CommandHarness(Path.of("."));

    @Test
    void usageErrorsAreOneLineWithTheNearestAndExitCode2() {
        assertThat(fedfm.run("rum")).isEqualTo(2);
        assertThat(fedfm.err())
                .startsWith("error[USAGE]: Unmatched argument at index 0: 'rum'")
                .contains("did you mean 'run'?")
                .hasLineCount(1);
        assertThat(fedfm.run("run", "--resum")).isEqualTo(2);
        assertThat(fedfm.run("run", "--format", "xml")).isEqualTo(2);
        assertThat(fedfm.err()).contains("xml").contains("fedfm run --help");
        assertThat(fedfm.run("model", "inspect")).isEqualTo(2);
        assertThat(fedfm.run()).isEqualTo(2);
        assertThat(fedfm.out()).isEmpty();
    }

    @Test
    void helpIsData() {
        assertThat(fedfm.run("--help")).isZero();
        assertThat(fedfm.out()).contains("run").contains("model").contains("plugins");
        assertThat(fedfm.run("model", "check", "--help")).isZero();
        assertThat(fedfm.out()).contains("Usage: fedfm model check").contains("--method=NAME");
    }

    @Test
    void versionComesFromTheBuild() {
        assertThat(fedfm.run("--version")).isZero();
        assertThat(fedfm.out()).containsPattern("fedfm \\d+\\.\\d+\\.\\d+").doesNotContain("${");
    }
}
