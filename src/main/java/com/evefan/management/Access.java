package com.evefan.management;

import com.evefan.ingest.NormalForm;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;

/**
 * Stands before everything on the management port: who may see what, and what browsers are told.
 *
 * <p>Health is open, probes carry no secrets. Metrics, information and the console {@code evefan} are open while only
 * this machine can reach the port and no token is configured. Everything else takes the token. A path counts as it stands in
 * the request, as Camel's consoles dispatch on that: one in another form than its {@linkplain NormalForm normal one} is
 * refused.
 */
final class Access implements AuthenticationHandler {
    private static final String HEALTH = "/observe/health";
    private static final String[] COUNTERS = {"/observe/metrics", "/observe/info", "/q/dev/evefan"};
    private static final String HAWTIO = "/hawtio/";
    private static final String JOLOKIA = "/hawtio/jolokia";

    private final AdminToken token;

    Access(AdminToken token) {
        this.token = token;
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String path = request.path();
        SecurityHeaders.add(routing.response(), path);
        if (NormalForm.refuses(request)) {
            return;
        }
        if (isForged(request, path)) {
            refuse(routing, 403, "other sites may not use the management port");
        } else if (isOpen(request.method(), path) || token.isProvenBy(request.getHeader("Authorization"))) {
            if (AllowedConsoles.hides(path)) {
                refuse(routing, 404, "there is no such console");
            } else {
                routing.next();
            }
        } else {
            routing.response().putHeader("WWW-Authenticate", "Basic realm=\"Evefan\", charset=\"UTF-8\"");
            refuse(routing, 401, "the admin token is required: as password, or as Authorization: Bearer <token>");
        }
    }

    private boolean isOpen(HttpMethod method, String path) {
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return false;
        }
        return path.equals(HEALTH) || path.startsWith(HEALTH + "/") || !token.configured() && isCounters(path);
    }

    private static boolean isCounters(String path) {
        for (String open : COUNTERS) {
            if (path.equals(open)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a page of another site makes the operator's browser send this; it adds the password by itself. */
    private static boolean isForged(HttpServerRequest request, String path) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            boolean link = "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                    && request.method().equals(HttpMethod.GET)
                    && path.startsWith(HAWTIO)
                    && !path.startsWith(JOLOKIA);
            return !site.equals("same-origin") && !site.equals("none") && !link;
        }
        String origin = request.getHeader("Origin");
        return origin != null && !origin.endsWith("//" + request.getHeader("Host"));
    }

    private static void refuse(RoutingContext routing, int status, String error) {
        routing.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json; charset=utf-8")
                .end("{\"success\":false,\"error\":\"" + error + "\"}");
    }
}
