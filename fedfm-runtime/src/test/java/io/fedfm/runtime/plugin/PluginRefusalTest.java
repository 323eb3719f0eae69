package io.fedfm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.ErrorKind;
import io.fedfm.api.FedFmException;
import io.fedfm.api.aggregate.AggregatorFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a jar is said in one line that names it, before anything runs. */
final class PluginRefusalTest {
    private static final String VERSION = "io.fedfm.api.FedFmApi.VERSION";
    private static final String CREATE = "return new LastWins(settings);";

    @TempDir private Path folder;

    @Test
    void fileThatIsNoJar() throws IOException {
        Path jar = Files.writeString(folder.resolve("a.jar"), "this is a text");

        assertRefused(jar, "is not a jar file");
    }

    @Test
    void emptyFile() throws IOException {
        assertRefused(Files.createFile(folder.resolve("a.jar")), "is not a jar file");
    }

    @Test
    void jarCutShort() throws IOException {
        Path jar = StrangersPlugins.aggregator("last-wins").write(folder.resolve("a.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));

        assertRefused(jar, "is not a jar file");
    }

    @Test
    void emptyJar() throws IOException {
        assertRefused(new PluginJars().write(folder.resolve("a.jar")), "is empty");
    }

    @Test
    void jarWithoutAProvider() throws IOException {
        Path jar = new PluginJars().file("data.txt", "x").write(folder.resolve("a.jar"));

        assertRefused(jar, "holds no plugin", AggregatorFactory.class.getName());
    }

    @Test
    void folderWithoutAJar() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        assertThatThrownBy(this::load)
                .hasMessage(
                        "the plugin folder '%s' holds no jar; put one in or remove it"
                                .formatted(empty));
    }

    @Test
    void missingFolder() {
        assertThatThrownBy(() -> PluginRegistry.load(List.of(folder.resolve("nowhere"))))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_UNREADABLE))
                .hasMessageContaining("nowhere");
    }

    @Test
    void classesForANewerJava() throws IOException {
        int next = Runtime.version().feature() + 1;
        Path jar = StrangersPlugins.aggregator("last-wins").writeFor(next, folder.resolve("a.jar"));

        assertRefused(jar, "needs Java " + next, "this is Java " + (next - 1));
    }

    @Test
    void classFileThatIsNone() throws IOException {
        Path jar =
                new PluginJars().file("a/B.class", "hello, world").write(folder.resolve("a.jar"));

        assertRefused(jar, "is damaged: a/B.class");
    }

    @Test
    void providerThatIsNotThere() throws IOException {
        Path jar =
                new PluginJars()
                        .service(AggregatorFactory.class, "stranger.Missing")
                        .write(folder.resolve("a.jar"));

        assertRefused(jar, "cannot be loaded", "stranger.Missing");
    }

    @Test
    void providerThatIsNoFactory() throws IOException {
        Path jar =
                StrangersPlugins.aggregator("last-wins")
                        .service(AggregatorFactory.class, "stranger.LastWins")
                        .write(folder.resolve("a.jar"));

        assertRefused(jar, "cannot be loaded", "stranger.LastWins");
    }

    @Test
    void providerWhoseConstructorFails() throws IOException {
        Path jar =
                StrangersPlugins.aggregator(
                                "fails",
                                VERSION,
                                "if (true) throw new IllegalStateException(\"no licence\");",
                                CREATE)
                        .write(folder.resolve("a.jar"));

        assertRefused(jar, "cannot be loaded", "no licence");
    }

    @Test
    void wrongApiVersion() throws IOException {
        Path jar =
                StrangersPlugins.aggregator("old", "99", "", CREATE).write(folder.resolve("a.jar"));

        assertRefused(jar, "is made for version 99 of the plugin API, this fedfm has version 1");
    }

    /** As when a plugin was compiled without a jar that it needs at run time. */
    @Test
    void classThatIsMissing() throws IOException {
        PluginJars jars =
                StrangersPlugins.aggregator("lacks", VERSION, "Needed.call();", CREATE)
                        .source("Needed", "final class Needed { static void call() {} }")
                        .without("stranger/Needed.class");

        assertRefused(jars.write(folder.resolve("a.jar")), "stranger/Needed");
    }

    @Test
    void badName() throws IOException {
        Path jar = StrangersPlugins.aggregator("Last Wins").write(folder.resolve("a.jar"));

        assertRefused(jar, "names its plugin 'Last Wins'");
    }

    @Test
    void doubledName() throws IOException {
        Path first = StrangersPlugins.aggregator("twice").write(folder.resolve("b.jar"));
        Path second = StrangersPlugins.aggregator("twice").write(folder.resolve("c/c.jar"));

        assertThatThrownBy(this::load)
                .hasMessage(
                        "the aggregator 'twice' is provided by both '%s' and '%s'; remove one of them"
                                .formatted(first, second));
    }

    private void assertRefused(Path jar, String... parts) {
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_INVALID);
                            assertThat(e.code().kind()).isEqualTo(ErrorKind.USAGE);
                            assertThat(e.getMessage()).doesNotContain("\n");
                        })
                .hasMessageContaining("plugin jar '" + jar + "'")
                .hasMessageContainingAll(parts);
    }

    private PluginRegistry load() {
        return PluginRegistry.load(List.of(folder));
    }
}
