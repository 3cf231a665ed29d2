package com.evefan.warehouse;

/**
 * A column of a {@link Table}.
 *
 * @param name lower case, words joined by {@code _}
 */
public record Column(String name, ColumnType type) {}
