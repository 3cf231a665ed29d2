package com.evefan.warehouse;

import org.jspecify.annotations.Nullable;

/**
 * One event as a row.
 *
 * @param values one for each column of {@code table}, in its order, as {@link ColumnType} says; null is SQL's NULL. Not
 *     copied: neither side changes it after the row is made
 */
@SuppressWarnings("ArrayRecordComponent") // handed on by reference on the hot path and never written to
public record Row(Table table, @Nullable Object[] values) {
    /**
     * The value of the column called {@code column}; text and JSON as a {@link String}.
     *
     * @throws IllegalArgumentException when the table has no such column
     */
    public @Nullable Object value(String column) {
        Object value = values[table.position(column)];
        return value instanceof Utf8Text text ? text.toString() : value;
    }

    /** Short, and free of what the sender said: fit for logs. */
    @Override
    public String toString() {
        return "a row of " + table.name();
    }
}
