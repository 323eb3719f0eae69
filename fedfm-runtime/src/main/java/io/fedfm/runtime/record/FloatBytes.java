package io.fedfm.runtime.record;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Little-endian floats of several widths as float32. */
final class FloatBytes {
    private FloatBytes() {}

    /** Whether a safetensors type is one of them. */
    static boolean canRead(String dtype) {
        return dtype.equals("F32") || dtype.equals("F16") || dtype.equals("BF16");
    }

    /** Bytes of a number. */
    static int size(String dtype) {
        return dtype.equals("F32") ? Float.BYTES : Short.BYTES;
    }

    /** Fills {@code target} with all numbers of {@code bytes}. */
    static void widen(String dtype, ByteBuffer bytes, FloatBuffer target) {
        if (dtype.equals("F32")) {
            target.put(bytes.asFloatBuffer());
            return;
        }
        ShortBuffer shorts = bytes.asShortBuffer();
        while (shorts.hasRemaining()) {
            short bits = shorts.get();
            target.put(dtype.equals("BF16") ? Float.intBitsToFloat(bits << 16) : half(bits));
        }
    }

    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
