package com.evefan.ingest;

import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Keeps a request's headers and query out of Camel's: nothing a sender says may steer a route or come back in the answer,
 * and copying them costs. Only the trace goes on, and does not come back. Ingestion reads the request itself. Bound as {@code noRequestHeaders}.
 */
public final class NoHeaders extends HttpHeaderFilterStrategy {
    private static final String TRACE = "traceparent";

    public NoHeaders() {
        // Otherwise no answer could say how long it is good for.
        getOutFilter().remove("cache-control");
        getOutFilter().add(TRACE);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !TRACE.equalsIgnoreCase(name);
    }
}
