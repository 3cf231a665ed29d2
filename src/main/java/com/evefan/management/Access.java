package com.evefan.management;

import com.evefan.ingest.NormalForm;
import com.evefan.management.Tokens.Holder;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Stands before everything on the management port: who may see what, and what browsers are told.
 *
 * <p>The probes say up or down to everybody. All else takes a token: the one for reading opens what shows numbers and states,
 * the admin's opens everything. A path counts as it stands in the request, as Camel's consoles dispatch on that: one in
 * another form than its {@linkplain NormalForm normal one} is refused.
 */
final class Access {
    /** Without a query, which may ask for more than up or down. */
    private static final Set<String> PROBES =
            Set.of("/observe/health", "/observe/health/live", "/observe/health/ready");
    /** No contents of events, and no way to change anything. */
    private static final Set<String> STATES = Set.of("/observe/metrics", "/observe/info", "/v1/health", "/q/dev");

    private static final String HAWTIO = "/hawtio/";
    private static final String JOLOKIA = "/hawtio/jolokia";

    private final ManagementSettings settings;
    private final Tokens tokens;
    private final Guesses guesses;

    Access(ManagementSettings settings, Tokens tokens, Guesses guesses) {
        this.settings = settings;
        this.tokens = tokens;
        this.guesses = guesses;
    }

    /** Whether {@code request} may go on; answered, where not. */
    boolean admits(HttpServerRequest request) {
        SecurityHeaders.add(request.response(), request.path());
        if (NormalForm.refuses(request)) {
            return false;
        }
        if (!isAskedByAName(request)) {
            return refuse(
                    request,
                    403,
                    "the Host header has to name this port: by its address, localhost, or"
                            + " camel.management.host where that is a name");
        }
        if (isForged(request)) {
            return refuse(request, 403, "other sites may not use the management port");
        }
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (reading && PROBES.contains(request.path()) && request.query() == null) {
            return true;
        }
        return switch (holder(request)) {
            case UNKNOWN -> {
                request.response().putHeader("WWW-Authenticate", "Basic realm=\"Evefan\", charset=\"UTF-8\"");
                yield refuse(
                        request, 401, "the admin token is required: as password, or as Authorization: Bearer <token>");
            }
            case TOO_MANY_GUESSES -> {
                request.response().putHeader("Retry-After", "1");
                yield refuse(request, 429, "too many wrong tokens from your address; try again in 1 s");
            }
            case READER ->
                reading && showsState(request.path())
                        ? exists(request)
                        : refuse(request, 403, "evefan.admin.read-token opens health, metrics and status pages only");
            case ADMIN -> exists(request);
        };
    }

    private Holder holder(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            return Holder.UNKNOWN;
        }
        String address = request.remoteAddress().hostAddress();
        if (!guesses.mayTry(address)) {
            return Holder.TOO_MANY_GUESSES;
        }
        Holder holder = tokens.holder(authorization);
        if (holder == Holder.UNKNOWN) {
            guesses.wrong(address);
        }
        return holder;
    }

    private static boolean showsState(String path) {
        return PROBES.contains(path) || STATES.contains(path) || AllowedConsoles.isConsole(path);
    }

    private static boolean exists(HttpServerRequest request) {
        return !AllowedConsoles.hides(request.path()) || refuse(request, 404, "there is no such console");
    }

    /**
     * Whether it asks for a name that is this port's. A page of another site may have made its own name lead here; the
     * browser takes both for one site then, but says the name. Where others can reach the port, its names are not known.
     */
    private boolean isAskedByAName(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() > 1 || hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0) {
            return false;
        }
        if (hosts.isEmpty() || !ManagementSettings.isLoopback(settings.host())) {
            return true;
        }
        String name = hosts.get(0).replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals(settings.host().toLowerCase(Locale.ROOT))
                || name.equals("[::1]")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    /** Whether a page of another site makes the operator's browser send this; it adds the password by itself. */
    private static boolean isForged(HttpServerRequest request) {
        String path = request.path();
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            boolean link = "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                    && request.method().equals(HttpMethod.GET)
                    && path.startsWith(HAWTIO)
                    && !path.startsWith(JOLOKIA);
            return !site.equals("same-origin") && !site.equals("none") && !link;
        }
        String host = request.getHeader("Host");
        return request.headers().getAll("Origin").stream()
                .anyMatch(origin -> !origin.equals("http://" + host) && !origin.equals("https://" + host));
    }

    private static boolean refuse(HttpServerRequest request, int status, String error) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json; charset=utf-8")
                .end("{\"success\":false,\"error\":\"" + error + "\"}");
        return false;
    }
}
