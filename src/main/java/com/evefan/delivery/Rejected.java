package com.evefan.delivery;

import com.evefan.event.Event;

/**
 * An event that a destination will never take.
 *
 * @param event the event as accepted
 * @param reason what the destination said, in words; names the field where the destination does
 * @param error the class of the error in the destination's own terms: an SQLSTATE, an HTTP status, a vendor's reason
 */
public record Rejected(Event event, String reason, String error) {
    /** The error of events that were not delivered in time. */
    public static final String EXPIRED = "expired";

    @Override
    public String toString() {
        return event + " (" + error + ")";
    }
}
