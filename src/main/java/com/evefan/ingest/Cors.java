package com.evefan.ingest;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells browsers which pages may send, before anything else is known of a request: the headers stand on errors too, and
 * a preflight names no source. Which source a page may send to is settled where the source is.
 */
final class Cors implements Handler<RoutingContext> {
    private static final CharSequence METHODS = HttpHeaders.createOptimized("GET, POST, OPTIONS");
    /** By name: the Fetch standard leaves Authorization out of {@code *}. */
    private static final CharSequence HEADERS = HttpHeaders.createOptimized(
            "authorization, content-type, x-retry-count, anonymousid, sentat, x-write-key, x-enable-debug, x-ip-policy");

    private static final CharSequence EXPOSED = HttpHeaders.createOptimized("Retry-After");
    /** Two hours, in seconds: the longest that Chromium takes. */
    private static final CharSequence MAX_AGE = HttpHeaders.createOptimized("7200");

    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence ALLOW = HttpHeaders.createOptimized("Allow");

    private final Sources sources;

    Cors(Sources sources) {
        this.sources = sources;
    }

    @Override
    public void handle(RoutingContext routing) {
        String origin = routing.request().getHeader(HttpHeaders.ORIGIN);
        boolean preflight = routing.request().method().equals(HttpMethod.OPTIONS);
        MultiMap answer = routing.response().headers();
        if (origin != null) {
            answer.set(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            if (sources.allowOrigin(origin)) {
                allow(answer, origin, preflight);
            }
        }
        if (preflight) {
            answer.set(ALLOW, METHODS);
            routing.response().setStatusCode(204).end();
        } else {
            routing.next();
        }
    }

    private static void allow(MultiMap answer, String origin, boolean preflight) {
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // Beacons are sent with cookies, whether anybody wants them or not. Evefan reads none.
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if (preflight) {
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        }
    }
}
