package io.fedfm.runtime.config;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads the settings of a run from a YAML file and the command line. */
public final class ConfigReader {
    private final Path workingDirectory;

    /** Relative paths are sought in {@code workingDirectory}, too. */
    public ConfigReader(Path workingDirectory) {
        this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
    }

    /**
     * The settings of a file with {@code overrides} ({@code client.optimizer.lr=0.001}) laid over.
     *
     * @throws FedFmException with {@link ErrorCode#SETTINGS_INVALID} and every problem in one line,
     *     or with {@link ErrorCode#FILE_UNREADABLE} if the file, or one it names, is not there
     */
    public RunConfig read(Path file, List<String> overrides) {
        Map<String, Object> tree = tree(file);
        tree.remove(Variants.SECTION);
        return read(file, tree, overrides);
    }

    /**
     * The settings that a run recorded, for those who need none of its data: files of the section
     * {@code data} may be gone.
     *
     * @throws FedFmException as {@link #read} does
     */
    public RunConfig recorded(Path file) {
        PathLookup paths =
                new PathLookup(
                        workingDirectory.resolve(file).normalize().getParent(),
                        workingDirectory,
                        Set.of());
        return read(tree(file), paths, paths::missingBesideData);
    }

    /**
     * Settings for an adapter that was trained elsewhere: those of a file, if there is one, with
     * {@code overrides} laid over, its section {@code peft} replaced, and what is not given filled
     * in. Without a section {@code data} there are no rows.
     *
     * @param peft the section {@code peft}
     * @param model settings of the section {@code model} where it has none
     * @throws FedFmException as {@link #read} does
     */
    public RunConfig around(
            Optional<Path> file,
            List<String> overrides,
            Map<String, Object> peft,
            Map<String, Object> model) {
        Map<String, Object> tree = file.map(this::tree).orElseGet(LinkedHashMap::new);
        tree.remove(Variants.SECTION);
        Overrides laidOver = new Overrides(overrides);
        laidOver.applyTo(tree);
        tree.put("peft", peft);
        Map<String, Object> section = new LinkedHashMap<>(model);
        if (tree.get("model") instanceof Map<?, ?> given) {
            given.forEach((key, value) -> section.put(key.toString(), value));
        }
        tree.put("model", section);
        tree.putIfAbsent("data", Map.of("source", DataConfig.NONE));
        Path folder =
                file.map(f -> workingDirectory.resolve(f).normalize().getParent())
                        .orElse(workingDirectory);
        PathLookup paths = new PathLookup(folder, workingDirectory, laidOver.paths());
        return read(tree, paths, paths::missing);
    }

    /**
     * The settings of each variant that the section {@code compare} of a file describes, with
     * {@code overrides} laid over all of them.
     *
     * @param wanted names of variants, or of PEFT methods to run with their own defaults; empty for
     *     all variants
     * @throws FedFmException as {@link #read} does, with the name of the variant
     */
    public Map<String, RunConfig> variants(Path file, List<String> wanted, List<String> overrides) {
        Map<String, RunConfig> configs = new LinkedHashMap<>();
        Variants.of(tree(file), wanted, file)
                .forEach(
                        (name, tree) -> {
                            try {
                                configs.put(name, read(file, tree, overrides));
                            } catch (FedFmException e) {
                                throw new FedFmException(
                                        e.code(), "compare." + name + ": " + e.getMessage(), e);
                            }
                        });
        return configs;
    }

    /** The comment that a file of settings begins with, without its marks; "" if there is none. */
    public String introduction(Path file) {
        return text(workingDirectory.resolve(file).normalize(), file)
                .lines()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ?", ""))
                .collect(Collectors.joining("\n"));
    }

    private Map<String, Object> tree(Path file) {
        return YamlTree.mapping(
                text(workingDirectory.resolve(file).normalize(), file), file.toString());
    }

    private RunConfig read(Path file, Map<String, Object> tree, List<String> overrides) {
        Path folder = workingDirectory.resolve(file).normalize().getParent();
        Overrides laidOver = new Overrides(overrides);
        laidOver.applyTo(tree);
        PathLookup paths = new PathLookup(folder, workingDirectory, laidOver.paths());
        return read(tree, paths, paths::missing);
    }

    private static RunConfig read(
            Map<String, Object> tree, PathLookup paths, Supplier<List<String>> missing) {
        Settings settings = Settings.of("", tree);
        RunConfig config = RunConfig.from(settings, paths);
        List<String> problems = new ArrayList<>(settings.problems());
        ErrorCode code =
                problems.isEmpty() ? ErrorCode.FILE_UNREADABLE : ErrorCode.SETTINGS_INVALID;
        problems.addAll(missing.get());
        if (!problems.isEmpty()) {
            throw new FedFmException(code, String.join("; ", problems));
        }
        return config;
    }

    private static String text(Path file, Path asGiven) {
        if (!Files.isRegularFile(file)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE,
                    "there is no file of settings '" + asGiven + "'; looked at " + file);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID, asGiven + " is no UTF-8 text, so no settings", e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, asGiven + " cannot be read: " + e.getMessage(), e);
        }
    }
}
