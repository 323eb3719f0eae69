package io.fedfm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fedfm.api.FedFmApi;
import io.fedfm.runtime.plugin.PluginInfo;
import io.fedfm.runtime.plugin.PluginKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

final class InstalledLayoutTest {
    @Test
    void launcherCanBeRun() {
        assertThat(InstalledPlugins.home().resolve("bin/fedfm")).isExecutable();
    }

    @Test
    void libHoldsTheRuntimeAndNothingOfTestsOrPlugins() throws IOException {
        List<String> jars = names(InstalledPlugins.home().resolve("lib"));

        assertThat(jars)
                .allMatch(name -> name.endsWith(".jar"))
                .anyMatch(name -> name.startsWith("fedfm-api-"))
                .anyMatch(name -> name.startsWith("fedfm-runtime-"))
                .anyMatch(name -> name.startsWith("onnxruntime-"))
                .anyMatch(name -> name.startsWith("pytorch-native-cpu-"))
                .noneMatch(name -> name.matches("(fedfm-testing|junit|assertj|archunit).*"))
                .noneMatch(name -> name.matches("fedfm-(lora|adapter|prompt|fedavg|none)-.*"));
    }

    @Test
    void builtInPluginsLoadAsStrangersDo() {
        assertThat(InstalledPlugins.load().plugins())
                .extracting(PluginInfo::kind, PluginInfo::name)
                .contains(
                        tuple(PluginKind.PEFT, "adapter"),
                        tuple(PluginKind.PEFT, "lora"),
                        tuple(PluginKind.PEFT, "prompt"),
                        tuple(PluginKind.AGGREGATOR, "fedavg"),
                        tuple(PluginKind.COMPRESSOR, "none"));
    }

    /** The folder of a plugin has its name, which is how a person finds what to remove. */
    @Test
    void foldersAreNamedAsAPluginInThem() throws IOException {
        Map<String, Set<String>> plugins =
                InstalledPlugins.load().plugins().stream()
                        .collect(
                                Collectors.groupingBy(
                                        plugin -> plugin.jar().getParent().getFileName().toString(),
                                        Collectors.mapping(PluginInfo::name, Collectors.toSet())));

        assertThat(names(InstalledPlugins.folder()))
                .containsExactlyInAnyOrderElementsOf(plugins.keySet());
        assertThat(plugins).allSatisfy((folder, names) -> assertThat(names).contains(folder));
        assertThat(plugins.get("adapter")).containsExactlyInAnyOrder("adapter", "mixture");
    }

    @Test
    void pluginJarsSayTheirVersionsAndHoldNoSecondApi() throws IOException {
        for (PluginInfo plugin : InstalledPlugins.load().plugins()) {
            assertThat(plugin.version()).isNotEqualTo("unknown");
            try (JarFile jar = new JarFile(plugin.jar().toFile())) {
                assertThat(jar.getManifest().getMainAttributes().getValue("FedFm-Api-Version"))
                        .as("%s: FedFm-Api-Version", plugin)
                        .isEqualTo(String.valueOf(FedFmApi.VERSION));
                assertThat(jar.stream().map(ZipEntry::getName))
                        .as("%s: entries", plugin)
                        .noneMatch(name -> name.startsWith("io/fedfm/api/"))
                        .noneMatch(name -> name.startsWith("io/fedfm/runtime/"));
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
