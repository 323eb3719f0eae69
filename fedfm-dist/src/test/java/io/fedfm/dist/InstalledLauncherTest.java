package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/fedfm} with a Java that prints its arguments instead of running. */
final class InstalledLauncherTest {
    @TempDir private Path folder;
    private Path launcher;

    @BeforeEach
    void findLauncher() throws IOException {
        folder = folder.toRealPath();
        launcher = InstalledPlugins.home().resolve("bin/fedfm");
    }

    @Test
    void startsMainWithTheLayoutAndTheArguments() throws Exception {
        Shell.Result result = run(java("17.0.15"), launcher, "run", "a b.yaml", "-c", "x=1 2");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        Path home = InstalledPlugins.home().toRealPath();
        assertThat(result.out().lines())
                .contains("-Dfedfm.home=" + home, home + "/lib/*", "folder " + folder)
                .containsSequence("io.fedfm.runtime.cli.Main", "run", "a b.yaml", "-c", "x=1 2")
                .contains("--add-opens=java.base/java.nio=ALL-UNNAMED", "OMP PASSIVE")
                .noneMatch(line -> line.contains("sun-misc-unsafe"))
                .noneMatch(line -> line.contains("AlwaysPreTouch"));
    }

    @Test
    void newerJavaIsToldThatNativeCodeIsFine() throws Exception {
        assertThat(run(java("25"), launcher).out().lines())
                .contains(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void isFoundThroughLinks() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), launcher);
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("first"));
        try {
            assertThat(run(java("21.0.1"), second).out().lines())
                    .contains("-Dfedfm.home=" + InstalledPlugins.home().toRealPath());
        } finally {
            Files.delete(second);
            Files.delete(first);
        }
    }

    @Test
    void optionsOfTheUserComeLast() throws Exception {
        Shell.Result result =
                Shell.run(
                        folder,
                        Map.of(
                                "JAVA_HOME",
                                java("17").toString(),
                                "FEDFM_JAVA_OPTS",
                                "-Xmx3g -Dmine=1"),
                        launcher);

        assertThat(result.out().lines())
                .containsSubsequence("-XX:MaxRAMPercentage=50", "-Xmx3g", "-Dmine=1", "-cp");
    }

    @Test
    void oldJavaIsRefused() throws Exception {
        Shell.Result result = run(java("1.8.0_402"), launcher);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("is Java 8; fedfm needs Java 17 or newer")
                .hasLineCount(1);
    }

    @Test
    void wrongJavaHomeIsRefused() throws Exception {
        Shell.Result result = run(folder.resolve("nothing"), launcher);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("there is no bin/java").hasLineCount(1);
    }

    @Test
    void missingJavaIsRefused() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path dirname = bin.resolve("dirname");
        Files.createSymbolicLink(dirname, programOnPath("dirname"));
        try {
            Shell.Result result =
                    Shell.run(
                            folder,
                            Map.of("JAVA_HOME", "", "PATH", bin.toString()),
                            programOnPath("bash"),
                            launcher);

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("no java found").hasLineCount(1);
        } finally {
            Files.delete(dirname);
        }
    }

    private static Path programOnPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private Shell.Result run(Path javaHome, Object... command) throws Exception {
        return Shell.run(
                folder, Map.of("JAVA_HOME", javaHome.toString(), "FEDFM_JAVA_OPTS", ""), command);
    }

    private Path java(String version) throws IOException {
        Path home = folder.resolve("java " + version);
        Shell.script(
                home.resolve("bin/java"),
                """
                if [ "$1" = -version ]; then
                    echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=1' >&2
                    echo 'openjdk version "%s" 2025-04-15' >&2
                    exit
                fi
                printf '%%s\\n' "$@" "folder $PWD" "OMP $OMP_WAIT_POLICY"
                """
                        .formatted(version));
        return home;
    }
}
