package io.fedfm.runtime.plugin;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that plugins are dropped into: a folder of jars for each, or a single jar.
 *
 * @param path the folder
 */
record PluginFolder(Path path) {
    PluginFolder {
        path = path.toAbsolutePath().normalize();
    }

    /**
     * The jars of one plugin, which share a class loader.
     *
     * @param name of the jar or of its folder
     * @param jars in sorted order
     */
    record Bundle(String name, List<Path> jars) {}

    /** The plugins in the order of their names; files that are no jars are left alone. */
    List<Bundle> bundles() {
        if (!Files.isDirectory(path)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "there is no folder of plugins at '" + path + "'; check the path");
        }
        List<Bundle> bundles = new ArrayList<>();
        for (Path entry : entries(path)) {
            if (Files.isDirectory(entry)) {
                bundles.add(new Bundle(fileName(entry), jarsOf(entry)));
            } else if (isJar(entry)) {
                bundles.add(new Bundle(fileName(entry), List.of(entry)));
            }
        }
        return bundles;
    }

    private static List<Path> jarsOf(Path folder) {
        List<Path> jars = entries(folder).stream().filter(PluginFolder::isJar).toList();
        if (jars.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.PLUGIN_INVALID,
                    "the plugin folder '" + folder + "' holds no jar; put one in or remove it");
        }
        return jars;
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !fileName(entry).startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot list the folder of plugins '" + folder + "': " + e.getMessage(),
                    e);
        }
    }

    private static boolean isJar(Path path) {
        return fileName(path).endsWith(".jar");
    }

    private static String fileName(Path path) {
        return path.getFileName().toString();
    }
}
