package com.evefan.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the source of a request by its write key: the user of HTTP Basic, {@code writeKey} in the body, or
 * {@code ?writeKey=} where neither names one. Some SDKs send only one of these. Where header and body name different
 * keys, the header wins if both are sources; one that is none spoils the request.
 */
final class Authentication {
    private static final String BASIC = "basic ";

    private final Sources sources;

    Authentication(Sources sources) {
        this.sources = sources;
    }

    Sender authenticate(List<String> authorizations, Optional<String> body, List<String> queries)
            throws UnauthorizedException {
        Sender found = null;
        for (String key : keys(authorizations, body, queries)) {
            Sender sender = sources.sender(key)
                    .orElseThrow(() -> new UnauthorizedException("the write key is not one of an enabled source"));
            found = found == null ? sender : found;
        }
        if (found == null) {
            throw new UnauthorizedException("a write key is required: as the user of HTTP Basic authentication,"
                    + " as writeKey in the body or as ?writeKey=");
        }
        return found;
    }

    private static List<String> keys(List<String> authorizations, Optional<String> body, List<String> queries)
            throws UnauthorizedException {
        List<String> keys = new ArrayList<>(3);
        for (String authorization : authorizations) {
            add(keys, basicUser(authorization));
        }
        add(keys, body.orElse(null));
        if (keys.isEmpty()) {
            queries.forEach(query -> add(keys, query));
        }
        return keys;
    }

    private static void add(List<String> keys, @Nullable String key) {
        if (key != null && !key.isEmpty()) {
            keys.add(key);
        }
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
