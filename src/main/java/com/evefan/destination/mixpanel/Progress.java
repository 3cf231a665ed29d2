package com.evefan.destination.mixpanel;

import com.evefan.delivery.Rejected;
import com.evefan.destination.mixpanel.Answer.Refusal;
import com.evefan.event.Event;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far one event has come: each endpoint that it concerns takes or refuses its part on its own. A part may be several
 * calls; it is taken when all of them are.
 *
 * <p>The endpoints that have their part while another still owes it travel as one more member at the end of the event's
 * own JSON: from attempt to attempt, and into a dead letter and its replay. The journal does not know of it: after a
 * restart the batch begins anew.
 */
final class Progress {
    static final String MEMBER = "evefan.mixpanel.taken";

    private final Event event;
    private final EnumSet<Endpoint> before;
    private final EnumSet<Endpoint> taken;
    private final EnumSet<Endpoint> refusing = EnumSet.noneOf(Endpoint.class);
    private final Map<Endpoint, Integer> owing = new EnumMap<>(Endpoint.class);
    private boolean postponed;
    private @Nullable Refusal refusal;

    /** @param before the endpoints that took their part in an earlier attempt */
    Progress(Event event, Set<Endpoint> before) {
        this.event = event;
        this.before = EnumSet.noneOf(Endpoint.class);
        this.before.addAll(before);
        this.taken = EnumSet.copyOf(this.before);
    }

    /** Whether {@code endpoint} has yet to be asked; then it owes an answer to one more call. */
    boolean owes(Endpoint endpoint) {
        if (before.contains(endpoint)) {
            return false;
        }
        owing.merge(endpoint, 1, Integer::sum);
        return true;
    }

    /** {@code endpoint} took one call. */
    void taken(Endpoint endpoint) {
        answered(endpoint);
    }

    /** {@code endpoint} will never take one call. */
    void refused(Endpoint endpoint, Refusal reason) {
        refusing.add(endpoint);
        refusal = reason;
        answered(endpoint);
    }

    private void answered(Endpoint endpoint) {
        if (owing.merge(endpoint, -1, Integer::sum) == 0) {
            owing.remove(endpoint);
            if (!refusing.contains(endpoint)) {
                taken.add(endpoint);
            }
        }
    }

    /** Mixpanel's rules exclude the event as a whole. */
    void excluded(Refusal reason) {
        refusal = reason;
    }

    /** The batch has enough of other events: nothing is asked for this one yet. */
    void postpone() {
        postponed = true;
    }

    boolean isOwing() {
        return postponed || !owing.isEmpty();
    }

    /** Whether an endpoint took its part just now. */
    boolean advanced() {
        return !taken.equals(before);
    }

    /** The event as it has to be sent again, or kept: it says which endpoints have their part. */
    Event marked() {
        return mark(event, before, taken);
    }

    /** The refused event; null while an endpoint is still owed its part, as that one may refuse it too. */
    @Nullable
    Rejected rejected() {
        return refusal == null || isOwing() ? null : new Rejected(marked(), refusal.reason(), refusal.error());
    }

    /** The endpoints that have their part of {@code event}. */
    static EnumSet<Endpoint> taken(JsonNode event) {
        EnumSet<Endpoint> taken = EnumSet.noneOf(Endpoint.class);
        for (JsonNode name : event.path(MEMBER)) {
            for (Endpoint endpoint : Endpoint.values()) {
                if (endpoint.wireName().equals(name.asText())) {
                    taken.add(endpoint);
                }
            }
        }
        return taken;
    }

    /** {@code event}, which says {@code before}, saying {@code taken}. */
    static Event mark(Event event, Set<Endpoint> before, Set<Endpoint> taken) {
        if (before.equals(taken)) {
            return event;
        }
        byte[] json = event.json();
        int end = json.length - 1;
        while (json[end] != '}') {
            end--;
        }
        byte[] old = member(before);
        int start = end - old.length;
        if (!before.isEmpty() && start > 0 && Arrays.equals(json, start, end, old, 0, old.length)) {
            end = start;
        }
        byte[] member = member(taken);
        byte[] marked = Arrays.copyOf(json, end + member.length + 1);
        System.arraycopy(member, 0, marked, end, member.length);
        marked[marked.length - 1] = '}';
        return event.withJson(marked);
    }

    private static byte[] member(Set<Endpoint> endpoints) {
        StringBuilder member = new StringBuilder(",\"" + MEMBER + "\":[");
        for (Endpoint endpoint : endpoints) {
            member.append(member.charAt(member.length() - 1) == '[' ? "" : ",");
            member.append('"').append(endpoint.wireName()).append('"');
        }
        return member.append(']').toString().getBytes(StandardCharsets.US_ASCII);
    }
}
