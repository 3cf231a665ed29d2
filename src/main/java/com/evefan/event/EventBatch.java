package com.evefan.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that travel together: those of one request, of all requests that the journal hands over at once, or of one
 * delivery. The body of every exchange between ingestion and a destination.
 *
 * @param events in the order of their acceptance
 * @param acknowledgements what to tell once a destination has all of {@code events}
 */
public record EventBatch(List<Event> events, List<Acknowledgement> acknowledgements) {
    public EventBatch {
        events = List.copyOf(events);
        acknowledgements = List.copyOf(acknowledgements);
    }

    /** Events that nothing waits for. */
    public static EventBatch of(List<Event> events) {
        return new EventBatch(events, List.of());
    }

    /** The number of events. */
    public int size() {
        return events.size();
    }

    /** The size of the events as accepted, in bytes. */
    public long bytes() {
        long bytes = 0;
        for (Event event : events) {
            bytes += event.json().length;
        }
        return bytes;
    }

    /** This batch followed by {@code next}. */
    public EventBatch plus(EventBatch next) {
        List<Event> allEvents = new ArrayList<>(size() + next.size());
        allEvents.addAll(events);
        allEvents.addAll(next.events);
        List<Acknowledgement> all = new ArrayList<>(acknowledgements);
        all.addAll(next.acknowledgements);
        return new EventBatch(allEvents, all);
    }

    /** The events that may reach {@code destination}; acknowledgements stay, also when no event is left. */
    public EventBatch forDestination(String destination) {
        int first = 0;
        while (first < size() && events.get(first).integrations().allows(destination)) {
            first++;
        }
        if (first == size()) {
            return this;
        }
        List<Event> allowed = new ArrayList<>(events.subList(0, first));
        for (Event event : events.subList(first, size())) {
            if (event.integrations().allows(destination)) {
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
