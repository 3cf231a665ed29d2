package com.evefan.warehouse;

import org.jspecify.annotations.Nullable;

/**
 * A JSON value as a column or a JSON document takes it: clean, and nested values as finished JSON text.
 *
 * @param text a string's characters, any other value's JSON text
 */
record Value(Kind kind, String text) {
    static final Value NULL = new Value(Kind.NULL, "null");

    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        NESTED
    }

    /** Whether a text column can hold it without loss. */
    boolean fitsText() {
        return kind != Kind.NESTED;
    }

    /** What a text column holds. */
    @Nullable
    String asText() {
        return kind == Kind.NULL ? null : text;
    }
}
