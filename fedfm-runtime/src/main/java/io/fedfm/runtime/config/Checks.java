package io.fedfm.runtime.config;

/** Checks of what record constructors are given. */
final class Checks {
    private Checks() {}

    /** Refuses a value that {@link ConfigReader} would never have let through. */
    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
