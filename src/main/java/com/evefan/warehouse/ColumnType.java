package com.evefan.warehouse;

/** What a column holds, and as which Java type it stands in a {@link Row}. */
public enum ColumnType {
    /** A {@link Utf8Text} without U+0000 and without lone surrogates. */
    TEXT,
    /** A {@link Boolean}. */
    BOOLEAN,
    /** A finite {@link Double}. */
    NUMBER,
    /** An {@link java.time.Instant} of the years 1 to 9999, which every warehouse can hold. */
    TIMESTAMP,
    /** JSON as a {@link Utf8Text}; no escape or character in it stands for U+0000 or a lone surrogate. */
    JSON
}
