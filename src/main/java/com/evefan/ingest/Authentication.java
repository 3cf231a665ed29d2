package com.evefan.ingest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the source of a request by its write key: the user of HTTP Basic, {@code writeKey} in the body, or
 * {@code ?writeKey=} where neither names one. Some SDKs send only one of these. Where header and body name different
 * keys, the header wins if both are sources; one that is none spoils the request. An access token ({@link OAuth}) in the
 * header stands for its source.
 */
final class Authentication {
    static final String REQUIRED =
            "a write key is required: as the user of HTTP Basic authentication, as writeKey in the"
                    + " body or as ?writeKey=; in a compressed body it must stand in the first "
                    + (Intake.STRANGERS_BEGINNING >> 10) + " KB";

    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    private static final String JITSU = "/api/s/";

    /** Of a source there is one, or a few with different passwords, which nobody reads. */
    private static final int MAX_HEADERS = 1000;

    private static final int MAX_HEADER_LENGTH = 200;

    private final Sources sources;
    /** The headers that have named a source: decoding them again and again costs, and sources stay what they are. */
    private final Map<String, Sender> byHeader = new ConcurrentHashMap<>();

    Authentication(Sources sources) {
        this.sources = sources;
    }

    /** @throws UnauthorizedException when none of the three names a source, or one of them names what is none */
    Sender authenticate(List<String> authorizations, Optional<String> body, List<String> queries)
            throws UnauthorizedException {
        Sender found = first(ofHeaders(authorizations), ofKey(body.orElse("")));
        found = found == null ? ofQueries(queries) : found;
        if (found == null) {
            throw new UnauthorizedException(REQUIRED);
        }
        if (found.source().oauth().required() && !isByToken(authorizations)) {
            throw new UnauthorizedException(
                    "source " + found + " takes events with an access token only: Authorization: Bearer");
        }
        return found;
    }

    private static boolean isByToken(List<String> authorizations) {
        return authorizations.size() == 1 && isBearer(authorizations.get(0));
    }

    private static boolean isBearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    /**
     * Whether header or query name a source, so that no stranger's body has to be looked at.
     *
     * @throws UnauthorizedException when they name what is none
     */
    boolean isNamed(List<String> authorizations, List<String> queries) throws UnauthorizedException {
        return ofHeaders(authorizations) != null || ofQueries(queries) != null;
    }

    boolean isNamed(HttpServerRequest request) throws UnauthorizedException {
        return isNamed(authorizations(request), keys(request));
    }

    static List<String> authorizations(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.AUTHORIZATION);
    }

    /** The write keys beside the Authorization header: in the query, or in Jitsu's own header. */
    List<String> keys(HttpServerRequest request) {
        String ofJitsu = isOfJitsu(request) ? request.getHeader("X-Write-Key") : null;
        return ofJitsu == null ? request.params().getAll("writeKey") : List.of(key(request, ofJitsu));
    }

    /** What {@code key} stands for: Jitsu's are {@code key:secret}, and a source's write key is both, or the first. */
    String key(HttpServerRequest request, String key) {
        return !isOfJitsu(request) || knows(key) ? key : beforeColon(key);
    }

    static boolean isOfJitsu(HttpServerRequest request) {
        return request.path().startsWith(JITSU);
    }

    private static String beforeColon(String key) {
        int colon = key.indexOf(':');
        return colon < 0 ? key : key.substring(0, colon);
    }

    /** Whether {@code key} is the write key of an enabled source. */
    boolean knows(String key) {
        return sources.sender(key).isPresent();
    }

    private @Nullable Sender ofHeaders(List<String> authorizations) throws UnauthorizedException {
        Sender found = null;
        for (String authorization : authorizations) {
            found = first(found, ofHeader(authorization));
        }
        return found;
    }

    private @Nullable Sender ofQueries(List<String> queries) throws UnauthorizedException {
        Sender found = null;
        for (String query : queries) {
            found = first(found, ofKey(query));
        }
        return found;
    }

    /** The name of the source that the head of {@code request} names; empty where it names none. */
    static String ofHead(HttpServerRequest request, Sources sources) {
        String key = request.params().get("writeKey");
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        try {
            if (header != null && isBearer(header)) {
                return sources.ofAccessToken(header.substring(BEARER.length()).strip())
                        .map(Sender::toString)
                        .orElse("");
            }
            key = header == null ? key : basicUser(header);
        } catch (UnauthorizedException e) {
            return "";
        }
        return key == null ? "" : sources.of(key).map(Source::name).orElse("");
    }

    private static @Nullable Sender first(@Nullable Sender found, @Nullable Sender next) {
        return found == null ? next : found;
    }

    private @Nullable Sender ofHeader(String authorization) throws UnauthorizedException {
        Sender known = byHeader.get(authorization);
        if (known != null) {
            return known;
        }
        if (isBearer(authorization)) {
            return sources.ofAccessToken(
                            authorization.substring(BEARER.length()).strip())
                    .orElseThrow(() -> new UnauthorizedException(
                            "the access token is over, or of no enabled source; POST /token gives one"));
        }
        Sender sender = ofKey(basicUser(authorization));
        if (sender != null && byHeader.size() < MAX_HEADERS && authorization.length() <= MAX_HEADER_LENGTH) {
            byHeader.put(authorization, sender);
        }
        return sender;
    }

    private @Nullable Sender ofKey(String key) throws UnauthorizedException {
        if (key.isEmpty()) {
            return null;
        }
        return sources.sender(key)
                .orElseThrow(() -> new UnauthorizedException("the write key is not one of an enabled source"));
    }

    private static String basicUser(String authorization) throws UnauthorizedException {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw new UnauthorizedException(
                    "the Authorization header must be of the form: Basic <base64 of writeKey:>");
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String credentials = new String(decoded, StandardCharsets.UTF_8);
            int colon = credentials.indexOf(':');
            return colon < 0 ? credentials : credentials.substring(0, colon);
        } catch (IllegalArgumentException e) {
            throw new UnauthorizedException("the Authorization header is not valid base64 of writeKey:");
        }
    }
}
