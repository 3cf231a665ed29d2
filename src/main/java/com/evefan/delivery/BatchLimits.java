package com.evefan.delivery;

/** When a growing batch is due; bound as {@code batchLimits} for the {@code completionPredicate} of a destination. */
public final class BatchLimits {
    /**
     * Whether there is nothing to wait for: the batch is full, or it found its destination quiet.
     *
     * @param batch the body of the aggregated exchange
     * @param maxEvents as many events make a batch full
     * @param maxBytes as many bytes of events as accepted make a batch full
     */
    public boolean isDue(Object batch, int maxEvents, long maxBytes) {
        return batch instanceof EventBatchBuilder growing
                && (growing.isForQuiet() || growing.size() >= maxEvents || growing.bytes() >= maxBytes);
    }
}
