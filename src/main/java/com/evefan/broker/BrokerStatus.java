package com.evefan.broker;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The broker at one moment.
 *
 * @param up whether it can be reached
 * @param since when that began
 * @param message why it cannot be reached; null when it can
 * @param storePercent how full the embedded broker's store is, 0 to 100 and more; of an external broker not known, 0
 * @param losses what was lost with a damaged store since the start, in words
 */
public record BrokerStatus(
        boolean up, Instant since, @Nullable String message, int storePercent, List<String> losses) {
    private static final int NEARLY_FULL = 85;
    private static final int FULL = 100;

    public BrokerStatus {
        losses = List.copyOf(losses);
    }

    /** Whether it keeps nothing more. */
    public boolean isFull() {
        return storePercent >= FULL;
    }

    /** In one word or two. */
    public String wireName() {
        return !up ? "down" : isFull() ? "full" : storePercent >= NEARLY_FULL ? "nearly full" : "up";
    }

    /** What an operator has to know; empty when there is nothing. */
    public String text() {
        String warning = message != null ? message : warning();
        return warning == null ? "" : warning;
    }

    /** What an operator has to know although the broker is up; null when there is nothing. */
    @Nullable
    String warning() {
        if (isFull()) {
            return "the store of the embedded broker is full: no further dead letter can be kept, and batches with rejected"
                    + " events wait; delete dead letters, or raise evefan.activemq.store-bytes";
        }
        if (storePercent >= NEARLY_FULL) {
            return "the store of the embedded broker is " + storePercent
                    + "% full: delete dead letters, or raise evefan.activemq.store-bytes";
        }
        return losses.isEmpty() ? null : String.join("; ", losses);
    }
}
