package com.evefan.ingest;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Tells browsers which pages may send, before anything else is known of a request: the headers stand on errors too, and
 * a preflight names no source. Which source a page may send to is settled where the source is.
 */
final class Cors implements Handler<RoutingContext> {
    private static final CharSequence METHODS = HttpHeaders.createOptimized("GET, POST, OPTIONS");
    /** Where a preflight asks for none. By name: the Fetch standard leaves Authorization out of {@code *}. */
    private static final String HEADERS = "authorization, content-type";

    /** Names of headers; those of all SDKs together are a few hundred characters. */
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+(?:[ \\t]*,[ \\t]*[A-Za-z0-9_-]+)*");

    private static final int LONGEST = 2_000;

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
                allow(answer, origin);
                if (preflight) {
                    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
                    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers(routing.request()));
                    answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
                }
            }
        }
        if (preflight) {
            answer.set(ALLOW, METHODS);
            routing.response().setStatusCode(204).end();
        } else {
            routing.next();
        }
    }

    /**
     * Whatever the page asks for: an SDK may bring new ones with its next version, or with its second attempt only, and
     * what is not allowed is lost. No header of a page says more than any other sender could.
     */
    private static String headers(HttpServerRequest request) {
        String asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        return asked == null
                        || asked.length() > LONGEST
                        || !NAMES.matcher(asked.strip()).matches()
                ? HEADERS
                : asked.strip().replaceAll("[ \\t]*,[ \\t]*", ", ");
    }

    private static void allow(MultiMap answer, String origin) {
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // Beacons are sent with cookies, whether anybody wants them or not. Evefan reads none.
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
