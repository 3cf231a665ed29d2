package com.evefan.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The query of a request. */
public final class Query {
    private Query() {}

    /**
     * Its parameters.
     *
     * @throws ApiException when there is another one than {@code known}, or one twice, or one without a value: what is
     *     misspelt must not mean all
     */
    public static Map<String, String> parameters(@Nullable String query, List<String> known) throws ApiException {
        Map<String, String> parameters = new TreeMap<>();
        for (String part : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (!known.contains(name)) {
                throw new ApiException(400, "there is no filter " + name + "; known are " + String.join(", ", known));
            }
            if (value.isEmpty()) {
                throw new ApiException(400, name + " must have a value");
            }
            if (parameters.put(name, value) != null) {
                throw new ApiException(400, name + " must stand there once");
            }
        }
        return parameters;
    }

    private static String decode(String text) throws ApiException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "the query must be percent-encoded UTF-8");
        }
    }
}
