package io.fedfm.runtime.codec;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.function.Supplier;

/** Calls into a plugin's code, so that its failures name it. */
public final class PluginCalls {
    private PluginCalls() {}

    /** The call's result; a failure becomes PLUGIN_FAILED unless it says itself what it is. */
    public static <T> T call(String plugin, Supplier<T> call) {
        try {
            return call.get();
        } catch (FedFmException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new FedFmException(ErrorCode.PLUGIN_FAILED, "the " + plugin + " failed: " + e, e);
        }
    }

    /** As {@link #call}, for a call without a result. */
    public static void run(String plugin, Runnable call) {
        call(
                plugin,
                () -> {
                    call.run();
                    return null;
                });
    }
}
