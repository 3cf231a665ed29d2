package com.evefan.destination.postgres;

import com.evefan.warehouse.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table as it stands in the database.
 *
 * @param version which table it is, and what it is like: another one says that somebody has changed it
 * @param types of its columns, as PostgreSQL writes them
 * @param exact whether its columns have the very types that Evefan makes, so that binary COPY may write into them
 * @param older whether a version made it that had neither {@code context} nor {@code properties}: queries read
 *     {@code extra_fields}
 * @param partitioned by {@code received_at}, which is part of its key then
 * @param problem why it takes no row at all, and what to do about it; null where it does
 */
record StoredTable(
        Table table,
        String version,
        Map<String, String> types,
        boolean exact,
        boolean older,
        boolean partitioned,
        @Nullable String problem) {}
