package com.evefan.journal.local;

import com.evefan.journal.local.LocalPlace.Skip;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments in their order. Thread-safe. */
final class Segments {
    private final List<Segment> all = new ArrayList<>();
    private volatile long rewrites;

    /** How often a file was replaced: what was read before may be old. */
    long rewrites() {
        return rewrites;
    }

    synchronized void rewritten() {
        rewrites++;
    }

    synchronized boolean contains(Segment segment) {
        return all.contains(segment);
    }

    synchronized void add(Segment segment) {
        all.add(segment);
    }

    synchronized void remove(Segment segment) {
        all.remove(segment);
    }

    synchronized List<Segment> all() {
        return List.copyOf(all);
    }

    /** The segment with {@code position} in it, or the first behind it; null when there is none. */
    synchronized @Nullable Segment at(long position) {
        for (Segment segment : all) {
            if (segment.end() > position && !segment.isEmpty()) {
                return segment;
            }
        }
        return null;
    }

    /** The next one with events in it. */
    synchronized @Nullable Segment after(Segment segment) {
        for (Segment next : all) {
            if (next.sequence() > segment.sequence() && !next.isEmpty()) {
                return next;
            }
        }
        return null;
    }

    /** The position of the first event that is kept; {@code end} when there is none. */
    synchronized long earliest(long end) {
        Segment first = at(-1);
        return first == null ? end : first.first();
    }

    /** The positions from {@code from} on that are missing between segments. */
    synchronized List<Skip> holes(long from) {
        List<Skip> holes = new ArrayList<>();
        long expected = from;
        for (Segment segment : all) {
            if (!segment.isEmpty() && segment.end() > expected) {
                if (segment.first() > expected) {
                    holes.add(new Skip(expected, segment.first(), 0));
                }
                expected = segment.end();
            }
        }
        return holes;
    }
}
