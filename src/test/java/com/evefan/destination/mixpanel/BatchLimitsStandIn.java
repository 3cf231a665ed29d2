package com.evefan.destination.mixpanel;

import com.evefan.event.EventBatch;

/** Takes the place of the delivery package's bean of the same name. */
public final class BatchLimitsStandIn {
    public boolean isFull(EventBatch batch, int maxEvents, long maxBytes) {
        return batch.size() >= maxEvents || batch.bytes() >= maxBytes;
    }
}
