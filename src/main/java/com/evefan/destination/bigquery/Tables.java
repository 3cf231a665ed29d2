package com.evefan.destination.bigquery;

import com.evefan.destination.bigquery.Failure.Kind;
import com.evefan.warehouse.Table;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it, once per process and again after a 404, that a table is there with all of its columns. Never drops or
 * changes one.
 */
final class Tables {
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final BigQuerySettings settings;
    private final Metadata metadata;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final Map<String, Boolean> ready = new ConcurrentHashMap<>();
    private final Map<String, String> told = new ConcurrentHashMap<>();

    Tables(BigQuerySettings settings, Metadata metadata) {
        this.settings = settings;
        this.metadata = metadata;
    }

    TableId id(Table table) {
        return TableId.of(settings.project(), settings.dataset(), table.name());
    }

    /** @throws RequestFailure when that cannot be done; either retryable or a set-up error, never about rows */
    void prepare(Table table) throws RequestFailure {
        if (ready.containsKey(table.name())) {
            return;
        }
        synchronized (locks.computeIfAbsent(table.name(), name -> new Object())) {
            if (!ready.containsKey(table.name())) {
                try {
                    createOrAlign(table);
                } catch (RequestFailure e) {
                    throw new RequestFailure(tell(table, aboutTheTable(table, e.failure())));
                }
                ready.put(table.name(), true);
                told.remove(table.name());
            }
        }
    }

    /** Once for each reason. */
    Failure tell(Table table, Failure failure) {
        if (failure.kind() == Kind.TABLE && !failure.message().equals(told.put(table.name(), failure.message()))) {
            LOG.warn("BigQuery: {}. Its events become dead letters", failure.message());
        }
        return failure;
    }

    /** {@code table} is not what it was: look again before the next request. */
    void forget(Table table) {
        ready.remove(table.name());
    }

    private void createOrAlign(Table table) throws RequestFailure {
        TableInfo existing = metadata.table(id(table));
        if (existing == null) {
            metadata.create(id(table), TableDefinitions.of(table, settings.partitioning()));
            LOG.atInfo()
                    .addKeyValue("dataset", settings.dataset())
                    .addKeyValue("table", table.name())
                    .log("Created a table in BigQuery");
        } else {
            align(table, existing.getDefinition());
        }
    }

    private void align(Table table, TableDefinition existing) throws RequestFailure {
        if (!(existing instanceof StandardTableDefinition)) {
            throw unfit(name(table) + " is no table but a " + existing.getType());
        }
        Schema schema = existing.getSchema();
        SchemaDifference difference = SchemaDifference.of(table, schema);
        if (!difference.required().isEmpty()) {
            throw unfit(name(table) + " requires columns that events do not have: " + difference.required());
        }
        if (!difference.other().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("table", table.name())
                    .addKeyValue("columns", difference.other())
                    .log("Columns in BigQuery have another type; rows that do not fit will be rejected");
        }
        if (!difference.missing().isEmpty()) {
            metadata.alter(id(table), difference.added(schema));
            LOG.atInfo()
                    .addKeyValue("table", table.name())
                    .addKeyValue("columns", difference.missing().size())
                    .log("Added columns to a table in BigQuery");
        }
    }

    String name(Table table) {
        return settings.dataset() + "." + table.name();
    }

    /** Here no row is to blame, whatever the answer. */
    private Failure aboutTheTable(Table table, Failure failure) {
        if (failure.kind() == Kind.RETRYABLE || failure.kind() == Kind.SET_UP || failure.kind() == Kind.TABLE) {
            return failure;
        }
        String what = failure.kind() == Kind.NOT_FOUND
                ? "project " + settings.project() + " or dataset " + settings.dataset() + " cannot be found or made"
                : "table " + name(table) + " cannot be read, created or altered";
        return new Failure(
                failure.kind() == Kind.NOT_FOUND ? Kind.SET_UP : Kind.TABLE,
                what + " (" + failure.message() + ")",
                failure.error(),
                failure.retryAfter(),
                failure.cause());
    }

    private static RequestFailure unfit(String message) {
        return new RequestFailure(Failure.table(message, "schema"));
    }
}
