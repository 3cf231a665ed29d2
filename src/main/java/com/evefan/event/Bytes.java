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
        while (i + Long.BYTES <= end && !hasZero((long) LONGS.get(bytes, i) ^ ascii * ONES)) {
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

    /** Whether one of the eight bytes is zero. */
    private static boolean hasZero(long eight) {
        return ((eight - ONES) & ~eight & HIGH_BITS) != 0;
    }
}
