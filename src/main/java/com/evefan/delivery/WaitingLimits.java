package com.evefan.delivery;

/**
 * What may wait in memory for one destination, so that a slow one does not fill the journal for all.
 *
 * @param maxEvents more go to the destination's retry queue
 * @param maxBytes their size as accepted; more go there too
 */
public record WaitingLimits(long maxEvents, long maxBytes) {
    WaitingLimits part(int of) {
        return new WaitingLimits(maxEvents / of, maxBytes / of);
    }

    boolean isReached(long events, long bytes) {
        return events > maxEvents || bytes > maxBytes;
    }
}
