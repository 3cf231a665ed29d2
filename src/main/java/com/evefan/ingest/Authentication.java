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
 * keys, the header wins if both are sources; one that is none spoils the request.
 */
final class Authentication {
    private static final String BASIC = "basic ";

    /** Of a source there is one, or a few with different passwords, which nobody reads. */
    private static final int MAX_HEADERS = 1000;

    private static final int MAX_HEADER_LENGTH = 200;

    private final Sources sources;
    /** The headers that have named a source: decoding them again and again costs, and sources stay what they are. */
    private final Map<String, Sender> byHeader = new ConcurrentHashMap<>();

    Authentication(Sources sources) {
        this.sources = sources;
    }

    Sender authenticate(List<String> authorizations, Optional<String> body, List<String> queries)
            throws UnauthorizedException {
        Sender found = null;
        for (String authorization : authorizations) {
            found = first(found, ofHeader(authorization));
        }
        found = first(found, ofKey(body.orElse("")));
        if (found == null) {
            for (String query : queries) {
                found = first(found, ofKey(query));
            }
        }
        if (found == null) {
            throw new UnauthorizedException("a write key is required: as the user of HTTP Basic authentication,"
                    + " as writeKey in the body or as ?writeKey=");
        }
        return found;
    }

    /** The name of the source that the head of {@code request} names; empty where it names none. */
    static String ofHead(HttpServerRequest request, Sources sources) {
        String key = request.params().get("writeKey");
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        try {
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
