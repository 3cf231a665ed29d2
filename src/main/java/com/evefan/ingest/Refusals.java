package com.evefan.ingest;

import com.evefan.counters.SafeText;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that were refused since the start, by reason and source. A write key that nobody knows is a line in the log
 * too, one a minute at most: somebody's set-up is wrong, and only the operator can tell whose. Thread-safe.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long BETWEEN_LINES = TimeUnit.MINUTES.toNanos(1);

    private final Map<Refused, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final AtomicLong nextLine;
    private final LongAdder untold = new LongAdder();

    /**
     * A kind of refused request.
     *
     * @param reason in a word, as metrics have it
     * @param source the name of a source; empty where none is known
     */
    public record Refused(String reason, String source) implements Comparable<Refused> {
        @Override
        public int compareTo(Refused other) {
            int byReason = reason.compareTo(other.reason);
            return byReason != 0 ? byReason : source.compareTo(other.source);
        }
    }

    Refusals(LongSupplier nanoTime) {
        // From zero on: who watches a rate sees the first one too.
        for (int status : new int[] {400, 401, 403, 404, 405, 408, 413, 415, 429, 500, 503}) {
            counts.put(new Refused(reason(status), ""), new LongAdder());
        }
        this.nanoTime = nanoTime;
        this.nextLine = new AtomicLong(nanoTime.getAsLong());
    }

    /** A request was answered {@code status}; {@code source} is empty where none is known. */
    void add(int status, String source) {
        counts.computeIfAbsent(new Refused(reason(status), source), first -> new LongAdder())
                .increment();
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "malformed";
            case 401 -> "unknown_key";
            case 403 -> "forbidden_origin";
            case 404 -> "unknown_path";
            case 405 -> "method";
            case 408 -> "timeout";
            case 413, 414, 431 -> "too_large";
            case 415, 501 -> "encoding";
            case 429 -> "rate_limit";
            case 503 -> "unavailable";
            default -> "internal";
        };
    }

    /**
     * A request came without the write key of a source.
     *
     * @param why what it was told
     * @param address of its sender
     * @param agent its User-Agent, which names the SDK
     */
    void unknownKey(@Nullable String why, @Nullable String address, @Nullable String agent) {
        long due = nextLine.get();
        long now = nanoTime.getAsLong();
        if (now - due < 0 || !nextLine.compareAndSet(due, now + BETWEEN_LINES)) {
            untold.increment();
            return;
        }
        long others = untold.sumThenReset();
        LOG.warn(
                "A request from {} ({}) was refused: {}{}",
                address,
                SafeText.of(agent, "no User-Agent"),
                why,
                others == 0 ? "" : "; " + others + " more since the last such line");
    }

    /** How many requests were refused, by kind. */
    public Map<Refused, Long> counts() {
        Map<Refused, Long> all = new TreeMap<>();
        counts.forEach((refused, count) -> all.put(refused, count.sum()));
        return all;
    }
}
