package io.fedfm.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PluginFoldersTest {
    @Test
    void installedFoldersComeFirstAndEachCountsOnce() {
        assertThat(
                        PluginFolders.of(
                                "/opt/fedfm",
                                List.of(Path.of("/a/../b")),
                                "/c" + File.pathSeparator + "/b"))
                .containsExactly(Path.of("/opt/fedfm/plugins"), Path.of("/b"), Path.of("/c"));
    }

    @Test
    void nothingNamedIsNothing() {
        assertThat(PluginFolders.of(null, List.of(), null)).isEmpty();
        assertThat(PluginFolders.of(null, List.of(), "")).isEmpty();
    }
}
