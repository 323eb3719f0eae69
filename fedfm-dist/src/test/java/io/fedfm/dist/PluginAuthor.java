package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Somebody who has fedfm and Maven on the path, and no checkout. Maven is the one that runs this
 * build; it is offline, takes what that one has downloaded, and keeps its own copies.
 */
final class PluginAuthor {
    private final Path folder;
    private final Map<String, String> environment;

    /** Works in a folder; programs, settings and copies are in the folder {@code tools} in it. */
    PluginAuthor(Path folder) throws IOException {
        this.folder = folder;
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path settings =
                Files.writeString(
                        tools.resolve("settings.xml"),
                        """
                        <settings>
                          <localRepository>%s</localRepository>
                          <mirrors>
                            <mirror><id>downloaded</id><mirrorOf>central</mirrorOf><url>%s</url></mirror>
                          </mirrors>
                        </settings>
                        """
                                .formatted(
                                        tools.resolve("repository"),
                                        Path.of(System.getProperty("fedfm.maven.repository"))
                                                .toUri()));
        Shell.script(
                tools.resolve("mvn"),
                "exec '%s/bin/mvn' -B -ntp -o -s '%s' -Daether.offline.protocols=file \"$@\"\n"
                        .formatted(System.getProperty("fedfm.maven.home"), settings));
        Shell.script(
                tools.resolve("fedfm"),
                "exec '%s' \"$@\"\n".formatted(InstalledPlugins.home().resolve("bin/fedfm")));
        this.environment =
                Map.of(
                        "PATH",
                        tools + ":" + System.getenv("PATH"),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "MAVEN_ARGS",
                        "",
                        "MAVEN_OPTS",
                        "-XX:TieredStopAtLevel=1",
                        "FEDFM_JAVA_OPTS",
                        "-XX:TieredStopAtLevel=1",
                        "FEDFM",
                        Fedfm.ROOT.toString(),
                        "FEDFM_CACHE",
                        InstalledPlugins.home().resolveSibling("cache").toString());
    }

    /** What commands write that go well in a folder below. */
    String types(String where, String commands) throws IOException, InterruptedException {
        Shell.Result result =
                Shell.run(folder.resolve(where), environment, "bash", "-ec", commands);
        assertThat(result.exitCode())
                .as(commands + "\n" + tail(result.out()) + tail(result.err()))
                .isZero();
        return result.out();
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 4000));
    }
}
