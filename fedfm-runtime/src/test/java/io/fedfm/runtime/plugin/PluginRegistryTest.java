package io.fedfm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmApi;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.aggregate.Aggregator;
import io.fedfm.api.aggregate.ClientUpdate;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.tensor.ParameterLayout;
import io.fedfm.api.tensor.ParameterVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginRegistryTest {
    @TempDir private Path folder;

    @Test
    void strangersAggregatorIsLoadedFromAJarAndRuns() throws IOException {
        StrangersPlugins.aggregator("last-wins").version("2.3").write(folder.resolve("a.jar"));

        PluginRegistry registry = load();

        assertThat(registry.plugins()).hasSize(1);
        PluginInfo info = registry.info(PluginKind.AGGREGATOR, "last-wins");
        assertThat(info.jar()).isEqualTo(folder.resolve("a.jar"));
        assertThat(info.version()).isEqualTo("2.3");
        assertThat(info.apiVersion()).isEqualTo(FedFmApi.VERSION);
        assertThat(info.sha256()).matches("[0-9a-f]{64}");
        Settings settings = settings(Map.of("type", "last-wins", "factor", 2));
        assertThat(aggregate(registry.createAggregator("last-wins", settings))).isEqualTo(6f);
    }

    @Test
    void pluginMayBeAFolderOfJars() throws IOException {
        StrangersPlugins.aggregator("one").write(folder.resolve("one/plugin.jar"));
        new PluginJars().file("data.txt", "x").write(folder.resolve("one/needed.jar"));
        StrangersPlugins.aggregator("two").write(folder.resolve("two.jar"));
        Files.writeString(folder.resolve("README.txt"), "no plugin");
        Files.createDirectories(folder.resolve(".hidden"));

        assertThat(load().plugins())
                .extracting(PluginInfo::name, PluginInfo::version)
                .containsExactly(tuple("one", "unknown"), tuple("two", "unknown"));
    }

    @Test
    void pluginsAreIsolatedFromTheRuntimeAndFromEachOther() throws IOException {
        String constructor =
                """
                try {
                    Class.forName("io.fedfm.runtime.plugin.PluginRegistry");
                    throw new AssertionError("the runtime is visible");
                } catch (ClassNotFoundException expected) {
                    return;
                }
                """;
        String create = "return new LastWins(settings);";
        String version = "io.fedfm.api.FedFmApi.VERSION";
        StrangersPlugins.aggregator("one", version, constructor, create)
                .write(folder.resolve("1.jar"));
        // The same class names with other content.
        StrangersPlugins.aggregator("two", version, constructor, create)
                .write(folder.resolve("2.jar"));

        assertThat(load().plugins()).extracting(PluginInfo::name).containsExactly("one", "two");
    }

    @Test
    void pluginSeesItsOwnLoaderAsTheContext() throws IOException {
        String check =
                """
                if (Thread.currentThread().getContextClassLoader() != getClass().getClassLoader()) {
                    throw new IllegalStateException("not my context");
                }
                """;
        StrangersPlugins.aggregator(
                        "context",
                        "io.fedfm.api.FedFmApi.VERSION",
                        check,
                        check + "return new LastWins(settings);")
                .write(folder.resolve("a.jar"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        load().createAggregator("context", settings(Map.of()));

        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void settingsThatNobodyReadAreRefused() throws IOException {
        StrangersPlugins.aggregator("last-wins").write(folder.resolve("a.jar"));

        assertThatThrownBy(
                        () -> load().createAggregator("last-wins", settings(Map.of("facter", 2))))
                .hasMessageContaining("unknown setting 'aggregator.facter'; did you mean 'factor'");
    }

    @Test
    void unknownNameIsRefusedWithTheNearestAndAllOthers() throws IOException {
        StrangersPlugins.aggregator("last-wins").write(folder.resolve("a.jar"));

        assertThatThrownBy(() -> load().createAggregator("lastwins", settings(Map.of())))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessage(
                        "there is no aggregator 'lastwins'; did you mean 'last-wins'?"
                                + " installed are last-wins");
        assertThatThrownBy(() -> load().createCompressor("zip", settings(Map.of())))
                .hasMessage("there is no compressor 'zip'; installed are none");
    }

    @Test
    void failureOfAPluginNamesItAndItsJar() throws IOException {
        Path jar = StrangersPlugins.aggregator("last-wins").write(folder.resolve("a.jar"));
        Aggregator aggregator = load().createAggregator("last-wins", settings(Map.of("factor", 7)));

        assertThatThrownBy(() -> aggregate(aggregator))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
                .hasMessageContaining("aggregator 'last-wins' (" + jar + ") failed")
                .hasMessageContaining("IllegalStateException: seven is too much");
    }

    @Test
    void failureInAModuleOfAPlanNamesThePluginToo() throws IOException {
        StrangersPlugins.brokenMethod().write(folder.resolve("b.jar"));
        Site site = new Site("h", SiteKind.HIDDEN, "ffn_norm", 0, "", 4, 4);
        PeftModule module =
                load().createMethod("broken", settings(Map.of()))
                        .plan(new Backbone(List.of(site), List.of()))
                        .attachments()
                        .get(0)
                        .module();

        assertThat(module.changesInput()).isFalse();
        assertThat(module).isEqualTo(module).isNotEqualTo("else");
        assertThatThrownBy(() -> module.apply(null, null, null))
                .hasMessageContaining("PEFT method 'broken'")
                .hasMessageContaining("not today");
    }

    @Test
    void factoryThatMakesNothingHasFailed() throws IOException {
        StrangersPlugins.aggregator("nothing", "io.fedfm.api.FedFmApi.VERSION", "", "return null;")
                .write(folder.resolve("a.jar"));

        assertThatThrownBy(() -> load().createAggregator("nothing", settings(Map.of())))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
                .hasMessageContaining("made null");
    }

    private PluginRegistry load() {
        return PluginRegistry.load(List.of(folder));
    }

    private static Settings settings(Map<String, Object> values) {
        return Settings.of("aggregator", values);
    }

    private static float aggregate(Aggregator aggregator) {
        ParameterLayout layout = ParameterLayout.of(Map.of("w", new long[] {1}));
        try (BufferAllocator allocator = new RootAllocator();
                ParameterVector global = ParameterVector.zeros(allocator, layout);
                ParameterVector client = ParameterVector.zeros(allocator, layout);
                ParameterVector result = ParameterVector.zeros(allocator, layout)) {
            client.floats("w").put(0, 3f);
            aggregator.aggregate(global, List.of(new ClientUpdate(0, 1, 0, client)), result);
            return result.floats("w").get(0);
        }
    }
}
