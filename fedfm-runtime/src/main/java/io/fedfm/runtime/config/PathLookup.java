package io.fedfm.runtime.config;

import io.fedfm.api.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the files that settings name: a relative path beside the file of settings first, then in
 * the working directory; one given on the command line only in the working directory.
 */
final class PathLookup {
    private final Path beside;
    private final Path workingDirectory;
    private final Set<String> overridden;
    private final List<String> missing = new ArrayList<>();

    /** Both folders absolute; {@code overridden} holds dotted names from the command line. */
    PathLookup(Path beside, Path workingDirectory, Set<String> overridden) {
        this.beside = beside;
        this.workingDirectory = workingDirectory;
        this.overridden = Set.copyOf(overridden);
    }

    /** The absolute path of something that is there, or the first place it was sought. */
    Path required(Settings settings, String name) {
        String text = settings.requiredText(name);
        return text.isEmpty() ? workingDirectory : find(settings, name, text);
    }

    /** The same, or null if nothing is given. */
    Path optional(Settings settings, String name) {
        return settings.has(name) ? find(settings, name, settings.text(name, "")) : null;
    }

    /** What was not found, a line each. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** What was not found outside of the section {@code data}. */
    List<String> missingBesideData() {
        return missing.stream().filter(line -> !line.startsWith("data.")).toList();
    }

    private Path find(Settings settings, String name, String text) {
        String key = settings.path() + "." + name;
        Stream<Path> folders =
                overridden.contains(key)
                        ? Stream.of(workingDirectory)
                        : Stream.of(beside, workingDirectory);
        List<Path> places;
        try {
            places = folders.map(folder -> folder.resolve(text).normalize()).distinct().toList();
        } catch (InvalidPathException e) {
            settings.problem(name, "is no path: " + e.getReason());
            return workingDirectory;
        }
        for (Path place : places) {
            if (Files.exists(place)) {
                return place;
            }
        }
        missing.add(
                key
                        + ": '"
                        + text
                        + "' is not there; looked at "
                        + places.stream().map(Path::toString).collect(Collectors.joining(" and ")));
        return places.get(0);
    }
}
