package io.fedfm.runtime.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Splits the one seed of a run into named streams.
 *
 * <p>A stream depends on the seed, its name and its coordinates (round, client, ...) and on nothing
 * else: not on threads, not on the streams drawn before. That is why a resumed run needs no saved
 * random state.
 *
 * @param seed of the run
 */
public record Seeds(long seed) {
    /** The streams of this seed. */
    public static Seeds of(long seed) {
        return new Seeds(seed);
    }

    /** A fresh generator at the start of the stream with this name and these coordinates. */
    public RandomGenerator stream(String name, Object... coordinates) {
        return new SplittableRandom(value(name, coordinates));
    }

    /**
     * The first eight bytes of SHA-256 over the seed, the name and the coordinates, each with its
     * length before it so that no two lists of them look alike.
     */
    public long value(String name, Object... coordinates) {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        update(digest, name);
        for (Object coordinate : coordinates) {
            update(digest, coordinate.toString());
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
