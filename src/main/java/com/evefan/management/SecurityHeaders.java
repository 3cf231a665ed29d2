package com.evefan.management;

import io.vertx.core.http.HttpServerResponse;

/** What browsers are told about every answer of the management port. */
final class SecurityHeaders {
    // Hawtio's pages make styles and regular-expression workers of their own; nothing is loaded from elsewhere.
    private static final String HAWTIOS_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline';"
            + " script-src 'self' 'unsafe-inline' 'unsafe-eval'; worker-src 'self' blob:; img-src 'self' data:;"
            + " font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private SecurityHeaders() {}

    static void add(HttpServerResponse response, String path) {
        boolean ofHawtio = path.startsWith("/hawtio/");
        response.putHeader("Content-Security-Policy", ofHawtio ? HAWTIOS_POLICY : ConsoleFiles.POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer");
        if (!path.startsWith("/hawtio/static/")) {
            response.putHeader("Cache-Control", "no-store");
        }
    }
}
