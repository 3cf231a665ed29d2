package com.evefan.destination.bigquery;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Table;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an existing table differs from the warehouse's. Columns beside ours are fine; BigQuery compares names without
 * case.
 *
 * @param missing columns to add
 * @param other ours, with another type: rows that do not fit are for BigQuery to refuse
 * @param required columns that must have a value and are not ours: no row of ours will ever fit
 */
record SchemaDifference(List<Field> missing, List<String> other, List<String> required) {
    static SchemaDifference of(Table table, @Nullable Schema existing) {
        Map<String, Field> fields = new HashMap<>();
        for (Field field : existing == null ? FieldList.of() : existing.getFields()) {
            fields.put(field.getName().toLowerCase(Locale.ROOT), field);
        }
        List<Field> missing = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (Column column : table.columns()) {
            Field field = fields.remove(column.name());
            if (field == null) {
                missing.add(TableDefinitions.field(column));
            } else if (field.getType().getStandardType() != TableDefinitions.type(column.type())) {
                other.add(column.name());
            }
        }
        return new SchemaDifference(missing, other, required(fields));
    }

    private static List<String> required(Map<String, Field> notOurs) {
        return notOurs.values().stream()
                .filter(field -> field.getMode() == Field.Mode.REQUIRED)
                .map(Field::getName)
                .toList();
    }

    /** {@code existing} with what is missing after it; nothing of it changed. */
    Schema added(@Nullable Schema existing) {
        List<Field> fields = new ArrayList<>(existing == null ? List.of() : existing.getFields());
        fields.addAll(missing);
        return Schema.of(fields);
    }
}
