package io.fedfm.runtime.graph;

import java.nio.file.Path;
import java.util.Map;

/** Where fedfm keeps files that can be made again. */
public final class CacheFolder {
    private static final String VARIABLE = "FEDFM_CACHE";

    private CacheFolder() {}

    /** {@code $FEDFM_CACHE}, or {@code .cache/fedfm} in the home folder. */
    public static Path standard() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Path of(Map<String, String> environment, Path home) {
        String named = environment.getOrDefault(VARIABLE, "");
        return named.isBlank()
                ? home.resolve(".cache").resolve("fedfm")
                : Path.of(named).toAbsolutePath();
    }
}
