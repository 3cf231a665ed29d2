package com.evefan.journal.local;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest events as objects, for destinations that keep up. Thread-safe. */
final class Tail {
    private static final long MOST_BYTES = 16 << 20;
    private static final int SHARE_OF_HEAP = 32;
    /** About what an event takes in memory beside its bytes. */
    private static final int EVENT_BYTES = 256;

    private final long room = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private long bytes;

    synchronized void add(Piece piece) {
        pieces.put(piece.first(), piece);
        bytes += size(piece);
        while (bytes > room && !pieces.isEmpty()) {
            bytes -= size(pieces.pollFirstEntry().getValue());
        }
    }

    private static long size(Piece piece) {
        return piece.bytes() + (long) EVENT_BYTES * piece.events().size();
    }

    /** The piece with {@code position} in it; null when it is not here. */
    synchronized @Nullable Piece at(long position) {
        Map.Entry<Long, Piece> entry = pieces.floorEntry(position);
        return entry == null || entry.getValue().end() <= position ? null : entry.getValue();
    }

    /** Those with a position from {@code first} to {@code end} are not to be had here any more. */
    synchronized void forget(long first, long end) {
        pieces.values().removeIf(piece -> {
            boolean within = piece.first() < end && piece.end() > first;
            bytes -= within ? size(piece) : 0;
            return within;
        });
    }
}
