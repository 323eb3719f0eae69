package io.fedfm.runtime.data.image;

import io.fedfm.api.Settings;
import io.fedfm.runtime.data.image.ImageProcessing.Resize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the settings of an image processor; names and meanings are Hugging Face's. */
final class ProcessingReader {
    private static final int MOST = 1 << 14;

    private final Settings settings;
    private final boolean square;
    private final ImageSize input;
    private final Path folder;

    /** {@code square} says that a size of one number is that of both sides. */
    ProcessingReader(Settings settings, boolean square, ImageSize input, Path folder) {
        this.settings = settings;
        this.square = square;
        this.input = input;
        this.folder = folder;
    }

    ImageProcessing read() {
        Optional<ImageSize> crop = crop();
        Optional<Resize> resize = resize(crop.isPresent());
        boolean rescales = settings.flag("do_rescale", true);
        double factor = settings.number("rescale_factor", 1.0 / 255, 0, Double.MAX_VALUE);
        boolean normalises = settings.flag("do_normalize", true);
        List<Double> mean = channels("image_mean", normalises, 0);
        List<Double> std = channels("image_std", normalises, 1);
        settings.check();
        return new ImageProcessing(
                resize, crop, new Normalisation(rescales ? factor : 1, mean, std), input);
    }

    private Optional<ImageSize> crop() {
        boolean crops = settings.flag("do_center_crop", false);
        if (settings.has("crop_size")) {
            ImageSize size = read("crop_size", true).size();
            if (crops && !size.equals(input)) {
                disagrees("crop_size", size);
            }
        }
        return crops ? Optional.of(input) : Optional.empty();
    }

    private Optional<Resize> resize(boolean crops) {
        boolean resizes = settings.flag("do_resize", true);
        Resampling resampling = resampling();
        Size given = settings.has("size") ? read("size", square) : new Size(input, false);
        if (!resizes) {
            return Optional.empty();
        }
        ImageSize size = given.size();
        if (given.edge() && !crops) {
            settings.problem("size", "of a shortest edge needs do_center_crop and crop_size");
        } else if (!crops && !size.equals(input)) {
            disagrees("size", size);
        } else if (size.height() < input.height() || size.width() < input.width()) {
            settings.problem("size", "is " + size + ", too small to cut " + input + " from it");
        }
        return Optional.of(new Resize(size, given.edge(), resampling));
    }

    /** A size as given; of a square where it is that of the shortest edge. */
    private record Size(ImageSize size, boolean edge) {}

    private Size read(String name, boolean number) {
        if (settings.text(name, "").matches("\\d+")) {
            int side = side(settings, name);
            return new Size(new ImageSize(side, side), !number);
        }
        Settings section = settings.section(name);
        if (section.has("shortest_edge")) {
            int side = side(section, "shortest_edge");
            return new Size(new ImageSize(side, side), true);
        }
        return new Size(new ImageSize(side(section, "height"), side(section, "width")), false);
    }

    private Resampling resampling() {
        String given = settings.text("resample", "bilinear");
        switch (given) {
            case "2", "bilinear":
                return Resampling.BILINEAR;
            case "3", "bicubic":
                return Resampling.BICUBIC;
            default:
                settings.problem(
                        "resample", "must be bilinear (2) or bicubic (3), was '" + given + "'");
                return Resampling.BILINEAR;
        }
    }

    private static int side(Settings settings, String name) {
        if (!settings.has(name)) {
            settings.problem(name, "is required");
            return 1;
        }
        return (int) settings.integer(name, 1, 1, MOST);
    }

    private List<Double> channels(String name, boolean needed, double otherwise) {
        List<Double> values = new ArrayList<>();
        if (needed && !settings.has(name)) {
            settings.problem(
                    name,
                    "is required (there is no preprocessor_config.json with it in "
                            + folder
                            + "), or set do_normalize to false");
        }
        for (String text : settings.texts(name, List.of())) {
            values.add(number(name, text));
        }
        if (!values.isEmpty() && values.size() != Normalisation.CHANNELS) {
            settings.problem(name, "must have three numbers, has " + values.size());
        }
        if (name.equals("image_std") && values.stream().anyMatch(v -> v <= 0)) {
            settings.problem(name, "must be above 0");
        }
        boolean usable = needed && values.size() == Normalisation.CHANNELS;
        return usable ? values : List.of(otherwise, otherwise, otherwise);
    }

    private double number(String name, String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is not finite.
        }
        settings.problem(name, "must be numbers, has '" + text + "'");
        return 1;
    }

    private void disagrees(String name, ImageSize size) {
        settings.problem(name, "is " + size + ", but the backbone takes images of " + input);
    }
}
