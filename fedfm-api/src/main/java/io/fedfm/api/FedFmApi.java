package io.fedfm.api;

/**
 * The version of the plugin API.
 *
 * <p>A factory returns {@link #VERSION} from {@code apiVersion()}. The constant is inlined when the
 * plugin is compiled, so the runtime learns which API the plugin was written against.
 */
public final class FedFmApi {
    /** Raised when a plugin compiled against the former API would no longer run. */
    public static final int VERSION = 1;

    private FedFmApi() {}
}
