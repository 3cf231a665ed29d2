package com.evefan.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that travel together: those of one request, of all requests that the journal hands over at once, or of one
 * delivery. The body of every exchange between ingestion and a destination.
 *
 * @param events in the order of their acceptance
 * @param acknowledgements what to tell once a destination has all of {@code events}
 * @param bytes size of the events as accepted; added up once, because every step and destination asks for it
 */
public record EventBatch(List<Event> events, List<Acknowledgement> acknowledgements, long bytes) {
    public EventBatch {
        events = List.copyOf(events);
        acknowledgements = List.copyOf(acknowledgements);
    }

    public EventBatch(List<Event> events, List<Acknowledgement> acknowledgements) {
        this(events, acknowledgements, bytes(events));
    }

    private static long bytes(List<Event> events) {
        long bytes = 0;
        for (Event event : events) {
            bytes += event.json().length;
        }
        return bytes;
    }

    /** Events that nothing waits for. */
    public static EventBatch of(List<Event> events) {
        return new EventBatch(events, List.of());
    }

    /** The number of events. */
    public int size() {
        return events.size();
    }

    /** The same events, with another one to tell. */
    public EventBatch alsoTelling(Acknowledgement acknowledgement) {
        List<Acknowledgement> all = new ArrayList<>(acknowledgements);
        all.add(acknowledgement);
        return new EventBatch(events, all, bytes);
    }

    /** This batch followed by {@code next}. */
    public EventBatch plus(EventBatch next) {
        List<Event> allEvents = new ArrayList<>(size() + next.size());
        allEvents.addAll(events);
        allEvents.addAll(next.events);
        List<Acknowledgement> all = new ArrayList<>(acknowledgements);
        all.addAll(next.acknowledgements);
        return new EventBatch(allEvents, all, bytes + next.bytes);
    }

    /** As {@link #forDestination(String, Consent)}, for one that needs no consent. */
    public EventBatch forDestination(String destination) {
        return forDestination(destination, Consent.NOT_NEEDED);
    }

    /**
     * The events that may reach {@code destination}, by their {@code integrations} and by the consent that it needs;
     * acknowledgements stay, also when no event is left.
     */
    public EventBatch forDestination(String destination, Consent needed) {
        int first = 0;
        while (first < size() && events.get(first).mayReach(destination, needed)) {
            first++;
        }
        if (first == size()) {
            return this;
        }
        List<Event> allowed = new ArrayList<>(events.subList(0, first));
        for (Event event : events.subList(first, size())) {
            if (event.mayReach(destination, needed)) {
                allowed.add(event);
            }
        }
        return new EventBatch(allowed, acknowledgements);
    }

    /** Tells everything that waits for these events that {@code destination} has them. */
    public void acknowledge(String destination) {
        acknowledgements.forEach(acknowledgement -> acknowledgement.acknowledge(destination));
    }

    @Override
    public String toString() {
        return size() + " events";
    }
}
