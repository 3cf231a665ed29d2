package com.evefan.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the source of a request by its write key: the user of HTTP Basic, {@code writeKey} in the body, or
 * {@code ?writeKey=}. Some SDKs send only one of these. Where header and body name different keys, the header wins if
 * both are sources.
 */
final class Authentication {
    private static final String BASIC = "basic ";

    private final Sources sources;

    Authentication(Sources sources) {
        this.sources = sources;
    }

    Source authenticate(@Nullable String authorization, Optional<String> body, @Nullable String query)
            throws UnauthorizedException {
        Source found = null;
        String header = authorization == null ? null : basicUser(authorization);
        for (String key : new @Nullable String[] {header, body.orElse(null), query}) {
            if (key != null && !key.isEmpty()) {
                Source source = sources.of(key)
                        .orElseThrow(() -> new UnauthorizedException("the write key is not one of a source"));
                found = found == null ? source : found;
            }
        }
        if (found == null) {
            throw new UnauthorizedException(
                    "a write key is required: as the user of HTTP Basic authentication, or as writeKey in the body");
        }
        return found;
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
