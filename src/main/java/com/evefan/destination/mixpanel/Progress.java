package com.evefan.destination.mixpanel;

import com.evefan.delivery.Rejected;
import com.evefan.destination.mixpanel.Answer.Refusal;
import com.evefan.event.Event;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** How far one event has come: each endpoint that it concerns takes or refuses its part on its own. */
final class Progress {
    private final Event event;
    private final EnumSet<Endpoint> before;
    private final EnumSet<Endpoint> taken;
    private final EnumSet<Endpoint> owing = EnumSet.noneOf(Endpoint.class);
    private @Nullable Refusal refusal;

    /** @param before the endpoints that took their part in an earlier attempt */
    Progress(Event event, EnumSet<Endpoint> before) {
        this.event = event;
        this.before = before;
        this.taken = EnumSet.copyOf(before);
    }

    /** Whether {@code endpoint} has yet to be asked. */
    boolean owes(Endpoint endpoint) {
        if (taken.contains(endpoint)) {
            return false;
        }
        owing.add(endpoint);
        return true;
    }

    void taken(Endpoint endpoint) {
        owing.remove(endpoint);
        taken.add(endpoint);
    }

    void refused(Endpoint endpoint, Refusal reason) {
        owing.remove(endpoint);
        refusal = reason;
    }

    /** Mixpanel's rules exclude the event as a whole. */
    void excluded(Refusal reason) {
        refusal = reason;
    }

    boolean isOwing() {
        return !owing.isEmpty();
    }

    /** Whether an endpoint took its part just now. */
    boolean advanced() {
        return !taken.equals(before);
    }

    /** The event as it has to be sent again, or kept: it says which endpoints have their part. */
    Event marked() {
        return Taken.mark(event, before, taken);
    }

    /** The refused event; null while an endpoint is still owed its part, as that one may refuse it too. */
    @Nullable
    Rejected rejected() {
        return refusal == null || isOwing() ? null : new Rejected(marked(), refusal.reason(), refusal.error());
    }
}
