package io.fedfm.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fedfm.runtime.scaffold.PluginProjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the projects build and run is tested in fedfm-dist. */
final class PluginsNewCommandTest {
    @TempDir Path folder;
    private CommandHarness fedfm;

    @BeforeEach
    void install() throws IOException {
        fedfm = new CommandHarness(folder);
        fedfm.projects = new PluginProjects(Files.createDirectory(folder.resolve("repository")));
    }

    @Test
    void namesFollowFromTheFolder() throws IOException {
        assertThat(fedfm.run("plugin", "new", "gain-and-shift", "--kind", "peft")).isZero();

        Path project = folder.resolve("gain-and-shift");
        Path main = project.resolve("src/main/java/com/example/gainandshift");
        assertThat(main.resolve("GainAndShiftModule.java"))
                .content()
                .startsWith("package com.example.gainandshift;")
                .contains("final class GainAndShiftModule implements PeftModule");
        assertThat(
                        project.resolve(
                                "src/main/resources/META-INF/services/io.fedfm.api.peft.PeftMethodFactory"))
                .hasContent("com.example.gainandshift.GainAndShiftMethodFactory");
        assertThat(project.resolve("sample/run.yaml")).content().contains("type: gain-and-shift");
        assertThat(project.resolve("pom.xml"))
                .content()
                .contains(folder.resolve("repository").toUri().toString())
                .doesNotContain("@");
        assertThat(fedfm.out()).contains("mvn package");
    }

    @Test
    void namesCanBeChosen() {
        String[] command = {
            "plugins",
            "new",
            "mine",
            "--kind",
            "aggregator",
            "--name",
            "mean",
            "--package",
            "org.me",
            "--format",
            "json"
        };

        assertThat(fedfm.run(command)).isZero();

        assertThat(folder.resolve("mine/src/main/java/org/me/MeanAggregator.java")).exists();
        assertThat(fedfm.out())
                .contains("\"kind\":\"aggregator\",\"name\":\"mean\",\"package\":\"org.me\"");
    }

    @Test
    void folderThatHoldsSomethingIsLeftAlone() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("mine")).resolve("notes"), "x");

        assertThat(fedfm.run("plugin", "new", "mine", "--kind", "peft")).isEqualTo(2);

        assertThat(fedfm.err()).contains("'" + folder.resolve("mine") + "'", "name a new one");
        assertThat(folder.resolve("mine")).isDirectoryNotContaining("glob:**pom.xml");
    }

    @Test
    void wrongNamesAreRefusedBeforeAnythingIsWritten() {
        assertThat(fedfm.run("plugin", "new", "Mine", "--kind", "peft")).isEqualTo(2);
        assertThat(fedfm.err()).contains("--name: 'Mine'");
        assertThat(fedfm.run("plugin", "new", "class", "--kind", "peft")).isEqualTo(2);
        assertThat(fedfm.err()).contains("--package: 'com.example.class'");
        assertThat(fedfm.run("plugin", "new", "mine", "--kind", "optimizer")).isEqualTo(2);
        assertThat(folder.resolve("Mine")).doesNotExist();
        assertThat(folder.resolve("class")).doesNotExist();
    }

    @Test
    void installationWithoutARepositoryIsTold() {
        fedfm.projects = new PluginProjects(folder.resolve("nowhere"));

        assertThat(fedfm.run("plugin", "new", "mine", "--kind", "peft")).isEqualTo(2);
        assertThat(fedfm.err()).contains("there is no Maven repository at").contains("./fedfm");
    }
}
