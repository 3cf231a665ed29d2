package com.evefan.destination.mixpanel;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.Answer.Refusal;
import com.evefan.destination.mixpanel.MixpanelRequest.Item;
import com.evefan.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The delivery of one batch: the requests still to be made, and what became of each event. Belongs to one exchange and
 * is used by one thread at a time.
 */
public final class MixpanelDelivery {
    private final List<Progress> events;
    private final Deque<MixpanelRequest> pending;
    private final Map<Endpoint, Exception> failures = new EnumMap<>(Endpoint.class);

    MixpanelDelivery(List<Progress> events, Collection<MixpanelRequest> requests) {
        this.events = events;
        this.pending = new ArrayDeque<>(requests);
    }

    /** Whether a request has to be made. */
    public boolean isUnfinished() {
        return !pending.isEmpty();
    }

    /** The request to make now; the same one until it is answered. */
    public MixpanelRequest request() {
        return pending.element();
    }

    /** The answer to {@link #request()}. */
    void answered(Answer answer) {
        MixpanelRequest request = pending.remove();
        if (answer instanceof Answer.Taken) {
            settle(request, Map.of());
        } else if (answer instanceof Answer.Partly partly) {
            settle(request, partly.refused());
        } else if (answer instanceof Answer.Refused refused) {
            halve(request, refused.refusal());
        } else if (answer instanceof Answer.Failed failed) {
            // The endpoint's later requests wait as well, so that updates of one profile keep their order; and revenue
            // waits for all else: should Evefan end before the next attempt, the whole batch is sent again.
            failures.put(request.endpoint(), failed.cause());
            pending.removeIf(other -> other.endpoint() == request.endpoint() || other.endpoint() == Endpoint.REVENUE);
        }
    }

    private void settle(MixpanelRequest request, Map<Integer, Refusal> refused) {
        for (int index = 0; index < request.items().size(); index++) {
            Item item = request.items().get(index);
            Refusal refusal = refused.get(index);
            if (refusal == null) {
                events.get(item.event()).taken(request.endpoint());
            } else {
                events.get(item.event()).refused(request.endpoint(), refusal);
            }
        }
    }

    private void halve(MixpanelRequest request, Refusal refusal) {
        if (request.items().size() == 1) {
            settle(request, Map.of(0, refusal));
        } else {
            pending.addFirst(request.half(false));
            pending.addFirst(request.half(true));
        }
    }

    /**
     * The end of the delivery: returns when Mixpanel has everything.
     *
     * @throws PartialDeliveryException when it has a part, or refused one
     * @throws RetryableException when it has nothing, and may take it later
     * @throws SetUpException when it has nothing, for a reason that an operator has to mend
     */
    void finish() throws PartialDeliveryException, RetryableException, SetUpException {
        List<Rejected> rejected = new ArrayList<>();
        List<Event> again = new ArrayList<>();
        boolean nothing = true;
        for (Progress event : events) {
            Rejected refused = event.rejected();
            nothing &= event.isOwing() && !event.advanced();
            if (refused != null) {
                rejected.add(refused);
            } else if (event.isOwing()) {
                again.add(event.marked());
            }
        }
        if (nothing && !failures.isEmpty()) {
            fail();
        }
        if (!again.isEmpty() || !rejected.isEmpty()) {
            throw new PartialDeliveryException(rejected, again, failures.isEmpty() ? null : cause());
        }
    }

    private void fail() throws RetryableException, SetUpException {
        Exception cause = cause();
        if (cause instanceof SetUpException setUp) {
            throw setUp;
        }
        if (cause instanceof RetryableException retryable) {
            throw retryable;
        }
        throw new IllegalStateException(cause);
    }

    /** What an operator has to mend comes first; of the rest, any. */
    private Exception cause() {
        return failures.values().stream()
                .filter(SetUpException.class::isInstance)
                .findFirst()
                .orElseGet(() -> failures.values().iterator().next());
    }
}
