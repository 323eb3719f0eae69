package io.fedfm.runtime.codec;

import io.fedfm.api.tensor.ParameterLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over the names and shapes of a layout, in order. */
public final class LayoutHash {
    /** The number of bytes. */
    static final int BYTES = 32;

    private LayoutHash() {}

    /** The hash of a layout. */
    public static byte[] of(ParameterLayout layout) {
        StringBuilder text = new StringBuilder();
        for (ParameterLayout.Entry entry : layout.entries()) {
            text.append(entry.name()).append(' ').append(entry.shape()).append('\n');
        }
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
