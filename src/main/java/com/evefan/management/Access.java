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
import java.util.regex.Pattern;

/**
 * Stands before everything on the management port: who may see what, and what browsers are told.
 *
 * <p>The probes say up or down to everybody, and the console's files have nothing to hide. All else takes a token, or the
 * cookie that stands for one ({@link Sessions}): the one for reading opens what shows numbers and states, with contents of
 * events {@link Hidden}, the admin's opens everything. A path counts as it stands in the request, as Camel's consoles dispatch on that: one in
 * another form than its {@linkplain NormalForm normal one} is refused.
 */
final class Access {
    /** Without a query, which may ask for more than up or down. */
    private static final Set<String> PROBES =
            Set.of("/observe/health", "/observe/health/live", "/observe/health/ready");
    /** No contents of events, or {@link Hidden} ones, and no way to change anything. */
    private static final Set<String> STATES = Set.of(
            "/observe/metrics",
            "/observe/info",
            "/v1/health",
            "/v1/openapi.json",
            "/v1/session",
            "/v1/console",
            "/v1/console/stream",
            "/v1/system",
            "/v1/replays",
            "/v1/dead-letters",
            "/q/dev");
    /** The same with one more segment. */
    private static final Pattern STATE = Pattern.compile("/v1/(events|sources|destinations|dead-letters)/[^/]+");
    /** For those who see contents of events. */
    private static final Pattern CONTENT = Pattern.compile("/v1/(console/)?events|/v1/events/[^/]+/content");
    /** What looks for something in contents of events. */
    private static final List<String> LOOKING = List.of("user", "userId", "anonymousId", "text", "reason");

    /** Set by this class alone, on the request, for those who answer it. */
    private static final String HIDES = "Evefan-Hides-Content";

    private static final String READS = "Evefan-Reads-Only";

    private static final String HAWTIO = "/hawtio/";
    private static final String JOLOKIA = "/hawtio/jolokia";

    private final ManagementSettings settings;
    private final Tokens tokens;
    private final Guesses guesses;
    private final Sessions sessions;

    Access(ManagementSettings settings, Tokens tokens, Guesses guesses, Sessions sessions) {
        this.settings = settings;
        this.tokens = tokens;
        this.guesses = guesses;
        this.sessions = sessions;
    }

    /** Whether contents of events are to be hidden in the answer to {@code request}, which has been admitted. */
    static boolean isHidden(HttpServerRequest request) {
        return request.headers().contains(HIDES);
    }

    /** Whether the read token has sent {@code request}, which has been admitted. */
    static boolean isOfReader(HttpServerRequest request) {
        return request.headers().contains(READS);
    }

    /** Whether {@code request} may go on; answered, where not. */
    boolean admits(HttpServerRequest request) {
        SecurityHeaders.add(request.response(), request.path());
        request.headers().remove(HIDES).remove(READS);
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
        if (!hasReadableQuery(request)) {
            return refuse(request, 400, "the query must be percent-encoded UTF-8");
        }
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (isOpen(request, reading)) {
            return true;
        }
        boolean byCookie = request.getHeader("Authorization") == null;
        return switch (holder(request)) {
            case UNKNOWN -> {
                if (!isOfConsole(request)) {
                    request.response().putHeader("WWW-Authenticate", "Basic realm=\"Evefan\", charset=\"UTF-8\"");
                }
                yield refuse(
                        request, 401, "the admin token is required: as password, or as Authorization: Bearer <token>");
            }
            case TOO_MANY_GUESSES -> {
                request.response().putHeader("Retry-After", "1");
                yield refuse(request, 429, "too many wrong tokens from your address; try again in 1 s");
            }
            case READER -> {
                boolean signsOut = request.method().equals(HttpMethod.DELETE)
                        && request.path().equals(SignIn.PATH);
                request.headers().set(READS, "true");
                if (!settings.readTokenSeesContent()) {
                    request.headers().set(HIDES, "true");
                }
                yield (reading && showsState(request) || signsOut)
                        ? isMeant(request, reading, byCookie) && exists(request)
                        : refuse(request, 403, "evefan.admin.read-token opens health, metrics and status pages only");
            }
            case ADMIN -> isMeant(request, reading, byCookie) && exists(request);
        };
    }

    /** Whether everybody may have the answer: nothing of this Evefan is in it, but up or down. */
    private static boolean isOpen(HttpServerRequest request, boolean reading) {
        String path = request.path();
        return reading && PROBES.contains(path) && request.query() == null
                || reading && ConsoleFiles.isOne(path)
                || request.method().equals(HttpMethod.POST) && path.equals(SignIn.PATH);
    }

    /** Whether the console asks: it has a page for signing in, so the browser should not ask for a password. */
    private boolean isOfConsole(HttpServerRequest request) {
        return request.headers().contains(Sessions.HEADER)
                || request.path().equals(SignIn.PATH)
                || sessions.isNamedIn(request);
    }

    /**
     * Whether whoever is signed in means it. A browser sends the cookie by itself, so a change has to have what only a page
     * of this port can send: a header of ours or, from Hawtio, which knows none, the browser's own word for where it comes
     * from.
     */
    private boolean isMeant(HttpServerRequest request, boolean reading, boolean byCookie) {
        if (reading || !byCookie || request.headers().contains(Sessions.HEADER)) {
            return true;
        }
        boolean ofHawtio = request.path().startsWith(JOLOKIA)
                && ("same-origin".equals(request.getHeader("Sec-Fetch-Site"))
                        || request.headers().contains("Origin")); // it was compared with this port's
        return ofHawtio
                || refuse(request, 403, "with the cookie, what changes something needs the header " + Sessions.HEADER);
    }

    private Holder holder(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null) {
            Sessions.Session session = sessions.of(request);
            return session == null ? Holder.UNKNOWN : session.holder();
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

    private boolean showsState(HttpServerRequest request) {
        String path = request.path();
        if (settings.readTokenSeesContent() && CONTENT.matcher(path).matches()) {
            return true;
        }
        boolean looks = !settings.readTokenSeesContent()
                && path.startsWith("/v1/")
                && LOOKING.stream().anyMatch(name -> request.getParam(name) != null);
        return !looks
                && (PROBES.contains(path)
                        || STATES.contains(path)
                        || STATE.matcher(path).matches()
                        || AllowedConsoles.isConsole(path));
    }

    /** Whether names of parameters can be looked at; else Vert.x throws, and the connection ends without an answer. */
    private static boolean hasReadableQuery(HttpServerRequest request) {
        try {
            request.params();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
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
                    && (path.startsWith(HAWTIO) || ConsoleFiles.isOne(path))
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
