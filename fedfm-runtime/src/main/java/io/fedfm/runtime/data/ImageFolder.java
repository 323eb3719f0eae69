package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.data.image.ImageProcessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Images in a sub-folder for each class, which has its name; rows are in the order of the names of
 * classes, then of files. Hidden files and folders are passed over.
 */
final class ImageFolder {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");

    private ImageFolder() {}

    /**
     * All images, read once so that bad ones show.
     *
     * @param test a folder of images that are held out, or null
     * @param numLabels {@code model.num_labels}; 0 for as many as there are
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID with the file or folder that is wrong
     */
    static RowSource rows(Path path, Path test, int numLabels, ImageProcessing processing) {
        Map<String, List<Path>> train = classes(path);
        Map<String, List<Path>> held = test == null ? Map.of() : classes(test);
        Labels labels = Labels.of(train.keySet());
        labels.check(numLabels, path);
        held.keySet().forEach(name -> labels.index(name, test.toString()));
        return new RowSource(
                labels, rows(train, labels, processing), rows(held, labels, processing));
    }

    private static List<Row> rows(
            Map<String, List<Path>> classes, Labels labels, ImageProcessing processing) {
        List<Row> rows = new ArrayList<>();
        classes.forEach(
                (name, files) -> {
                    int label = labels.index(name, name);
                    files.forEach(file -> rows.add(new ImageRow(processing.pixels(file), label)));
                });
        return rows;
    }

    private static Map<String, List<Path>> classes(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw invalid(
                    folder,
                    "is no folder; the backbone takes images: give a folder with a sub-folder for each class");
        }
        Map<String, List<Path>> classes = new TreeMap<>();
        for (Path entry : entries(folder)) {
            if (!Files.isDirectory(entry)) {
                throw invalid(entry, "is in no sub-folder of a class; move or remove it");
            }
            classes.put(String.valueOf(entry.getFileName()), images(entry));
        }
        if (classes.isEmpty()) {
            throw invalid(folder, "has no sub-folders; put the images of each class into one");
        }
        return classes;
    }

    private static List<Path> images(Path folder) {
        List<Path> files = entries(folder);
        if (files.isEmpty()) {
            throw invalid(folder, "has no images; fill or remove it");
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (Files.isDirectory(file)) {
                throw invalid(file, "is a folder in that of a class; move its images up");
            }
            if (ENDINGS.stream().noneMatch(name::endsWith)) {
                throw invalid(file, "is no .png, .jpg, .bmp or .gif; convert or remove it");
            }
        }
        return files;
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static FedFmException invalid(Path path, String what) {
        return new FedFmException(ErrorCode.DATA_INVALID, path + " " + what);
    }
}
