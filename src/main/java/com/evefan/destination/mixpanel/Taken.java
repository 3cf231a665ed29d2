package com.evefan.destination.mixpanel;

import com.evefan.event.Event;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which endpoints have their part of an event while another still owes it. The names travel as one more member at the
 * end of the event's own JSON: so they survive a restart, the retry queue, a dead letter and its replay, and there is
 * no memory to bound. A crash between Mixpanel's answer and the retry queue at worst repeats a call that sets what is
 * set already.
 */
final class Taken {
    static final String MEMBER = "evefan.mixpanel.taken";

    private Taken() {}

    /** The endpoints that have their part of {@code event}. */
    static EnumSet<Endpoint> of(JsonNode event) {
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
