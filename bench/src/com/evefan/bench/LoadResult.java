package com.evefan.bench;

import org.HdrHistogram.Histogram;

/**
 * What a load saw.
 *
 * @param start the nanoTime at which it began
 * @param seconds from the first request to the last answer
 * @param accepted requests answered with 2xx
 * @param refused requests answered otherwise
 * @param failed requests without an answer
 * @param blockedMillis how long requests that were due had to wait for a free connection, all together: not part of
 *     {@code nanoseconds}, and next to nothing where an open-model load is to be believed
 * @param nanoseconds from sending to the whole answer
 */
record LoadResult(
        long start,
        double seconds,
        long accepted,
        long refused,
        long failed,
        long blockedMillis,
        Histogram nanoseconds) {
    double perSecond() {
        return accepted / seconds;
    }

    double millis(double percentile) {
        return nanoseconds.getValueAtPercentile(percentile) / 1e6;
    }
}
