package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./fedfm} in a checkout on paper, whose build only counts how often it ran. */
final class RootLauncherTest {
    @TempDir private Path folder;
    private Path root;
    private Path source;

    @BeforeEach
    void layOutCheckout() throws IOException {
        root = folder.toRealPath().resolve("a checkout");
        source = root.resolve("fedfm-api/src/main/java/A.java");
        for (String file :
                new String[] {
                    "pom.xml",
                    ".mvn/x",
                    "fedfm-api/pom.xml",
                    "fedfm-api/src/main/java/A.java",
                    "fedfm-api/src/test/java/ATest.java",
                    "plugins/peft/lora/src/main/java/L.java"
                }) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.writeString(root.resolve(file), "x");
        }
        Files.copy(Path.of("..", "fedfm"), root.resolve("fedfm"));
        assertThat(root.resolve("fedfm").toFile().setExecutable(true)).isTrue();
        Shell.script(
                root.resolve("mvnw"),
                """
                echo "$PWD $*" >> builds
                mkdir -p fedfm-dist/target/fedfm/bin plugins/peft/lora/target
                cat > fedfm-dist/target/fedfm/bin/fedfm <<'END'
                #!/usr/bin/env bash
                printf '%s\\n' "folder $PWD" "$@"
                exit 3
                END
                chmod +x fedfm-dist/target/fedfm/bin/fedfm
                """);
    }

    @Test
    void buildsOnFirstUseAndRunsWhereTheCallerIs() throws Exception {
        Shell.Result result = run("run", "a b.yaml");

        assertThat(builds()).isEqualTo(1);
        assertThat(Files.readString(root.resolve("builds")))
                .contains("package")
                .contains("-DskipTests");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("folder %s\nrun\na b.yaml\n".formatted(folder));
        assertThat(result.err()).contains("building").hasLineCount(1);
    }

    @Test
    void doesNotBuildAgainWithoutNeed() throws Exception {
        run();
        touch(root.resolve("fedfm-api/src/test/java/ATest.java"));

        Shell.Result result = run();

        assertThat(builds()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
    }

    @Test
    void buildsAgainWhenASourceChanged() throws Exception {
        run();
        touch(source);

        run();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenASourceIsGone() throws Exception {
        run();
        Files.delete(source);
        touch(source.getParent());

        run();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void buildsAgainWhenAPomOfAPluginChanged() throws Exception {
        run();
        touch(Files.writeString(root.resolve("plugins/peft/lora/pom.xml"), "x"));

        run();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void failedBuildSaysWhyAndRunsNothing() throws Exception {
        Shell.script(
                root.resolve("mvnw"),
                """
                echo "[INFO] noise"
                echo "[ERROR] A.java:[1,1] class expected"
                exit 1
                """);

        Shell.Result result = run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("class expected")
                .contains("the build failed; its log is " + root)
                .doesNotContain("noise");
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        String both = "(./fedfm one & ./fedfm two & wait) 2>/dev/null";

        Shell.Result result = Shell.run(root, Map.of(), "bash", "-c", both);

        assertThat(builds()).isEqualTo(1);
        assertThat(result.out()).contains("one", "two");
    }

    private Shell.Result run(Object... arguments) throws Exception {
        Object[] command = new Object[arguments.length + 1];
        command[0] = root.resolve("fedfm");
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Shell.run(folder, Map.of(), command);
    }

    private long builds() throws IOException {
        return Files.readAllLines(root.resolve("builds")).size();
    }

    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }
}
