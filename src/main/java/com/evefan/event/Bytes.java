package com.evefan.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes, eight at a time. */
public final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    private Bytes() {}

    /** The first index from {@code from} to before {@code end} of {@code ascii}; {@code end} where there is none. */
    public static int indexOf(byte[] bytes, char ascii, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end && zeros((long) LONGS.get(bytes, i) ^ ascii * ONES) == 0) {
            i += Long.BYTES;
        }
        while (i < end && bytes[i] != ascii) {
            i++;
        }
        return i;
    }

    /** The first index from {@code from} on of a byte that is not ASCII; the length of {@code bytes} where there is none. */
    static int indexOfNonAscii(byte[] bytes, int from) {
        int i = from;
        while (i + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < bytes.length && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /**
     * The first index from {@code from} to before {@code end} of what is special in a JSON string: its closing quote, a
     * backslash, a control character; {@code end} where there is none. Its complement ({@code ~}) if anything before it
     * is not ASCII.
     */
    static int indexOfSpecial(byte[] bytes, int from, int end) {
        int i = from;
        long seen = 0;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, i);
            long special = special(eight);
            if (special != 0) {
                int bits = Long.numberOfTrailingZeros(special) & -Long.BYTES;
                seen |= eight & ~(-1L << bits);
                return found(i + bits / Byte.SIZE, seen);
            }
            seen |= eight;
        }
        while (i < end && bytes[i] != '"' && bytes[i] != '\\' && (bytes[i] < 0 || bytes[i] >= ' ')) {
            seen |= bytes[i++];
        }
        return found(i, seen);
    }

    /** The first eight bytes between {@code from} and {@code end} as a number, or as many as there are. */
    static long upToEight(byte[] bytes, int from, int end) {
        int count = Math.min(end - from, Long.BYTES);
        if (from + Long.BYTES <= bytes.length) {
            return count == 0 ? 0 : (long) LONGS.get(bytes, from) & -1L >>> Long.SIZE - count * Byte.SIZE;
        }
        long number = 0;
        for (int i = 0; i < count; i++) {
            number |= (bytes[from + i] & 0xFFL) << i * Byte.SIZE;
        }
        return number;
    }

    private static int found(int index, long seen) {
        return (seen & HIGH_BITS) == 0 ? index : ~index;
    }

    /** The high bit of the first of the eight bytes that is zero, perhaps of further ones; 0 where none is. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGH_BITS;
    }

    /**
     * The high bit of the first of the eight bytes that is special in a JSON string, perhaps of further ones. With bit 1
     * turned over, the quote comes right after the control characters, and a blank does not: one comparison for both.
     */
    private static long special(long eight) {
        long controlOrQuote = (eight ^ 2 * ONES) - ('"' - 1) * ONES;
        long backslash = (eight ^ '\\' * ONES) - ONES;
        return (controlOrQuote | backslash) & ~eight & HIGH_BITS;
    }
}
