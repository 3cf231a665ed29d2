package com.evefan.tracing;

import com.evefan.event.Event;
import io.opentelemetry.api.trace.SpanContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The span of the request that brought an event, for the events of late. In memory: over a restart, or behind so many
 * others, a trace ends at the journal, which is no reason to write more to disk for every event.
 */
final class RequestSpans {
    private static final int MOST = 100_000;

    private final Map<String, SpanContext> byId = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SpanContext> eldest) {
            return size() > MOST;
        }
    };

    synchronized void remember(List<Event> events, SpanContext request) {
        for (Event event : events) {
            byId.put(event.id(), request);
        }
    }

    synchronized @Nullable SpanContext of(Event event) {
        return byId.get(event.id());
    }
}
