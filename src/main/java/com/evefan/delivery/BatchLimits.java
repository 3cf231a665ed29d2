package com.evefan.delivery;

/** When a growing batch is full; bound as {@code batchLimits} for the {@code completionPredicate} of a destination. */
public final class BatchLimits {
    /**
     * @param batch the body of the aggregated exchange
     * @param maxEvents as many events make a batch full
     * @param maxBytes as many bytes of events as accepted make a batch full
     */
    public boolean isFull(Object batch, int maxEvents, long maxBytes) {
        return batch instanceof EventBatchBuilder growing
                && (growing.size() >= maxEvents || growing.bytes() >= maxBytes);
    }
}
