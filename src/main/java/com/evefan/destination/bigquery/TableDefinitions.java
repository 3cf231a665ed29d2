package com.evefan.destination.bigquery;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.ColumnType;
import com.evefan.warehouse.Table;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
import java.util.ArrayList;
import java.util.List;

/** The warehouse's tables in BigQuery's terms. */
final class TableDefinitions {
    private static final String PARTITIONED_ON = "timestamp";
    private static final String CLUSTERED_BY = "event";

    private TableDefinitions() {}

    /** The definition that {@code table} is created with. */
    static StandardTableDefinition of(Table table, Partitioning partitioning) {
        List<Field> fields = new ArrayList<>(table.columns().size());
        boolean hasEvent = false;
        for (Column column : table.columns()) {
            fields.add(field(column));
            hasEvent |= column.name().equals(CLUSTERED_BY);
        }
        StandardTableDefinition.Builder definition =
                StandardTableDefinition.newBuilder().setSchema(Schema.of(fields));
        TimePartitioning.Type type = partitioning.type();
        if (type != null) {
            definition.setTimePartitioning(
                    TimePartitioning.newBuilder(type).setField(PARTITIONED_ON).build());
        }
        if (hasEvent) {
            definition.setClustering(
                    Clustering.newBuilder().setFields(List.of(CLUSTERED_BY)).build());
        }
        return definition.build();
    }

    /** {@code column}, nullable: BigQuery adds no other to an existing table. */
    static Field field(Column column) {
        return Field.newBuilder(column.name(), type(column.type()))
                .setMode(Field.Mode.NULLABLE)
                .build();
    }

    static StandardSQLTypeName type(ColumnType type) {
        return switch (type) {
            case TEXT -> StandardSQLTypeName.STRING;
            case BOOLEAN -> StandardSQLTypeName.BOOL;
            case NUMBER -> StandardSQLTypeName.FLOAT64;
            case TIMESTAMP -> StandardSQLTypeName.TIMESTAMP;
            case JSON -> StandardSQLTypeName.JSON;
        };
    }
}
