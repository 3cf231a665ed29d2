package com.evefan.destination.bigquery;

import com.evefan.destination.bigquery.Failure.Kind;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.TableListOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.ViewDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls that read and make datasets and tables. What is there already is fine. */
final class Metadata {
    private final BigQuery client;
    private final BigQuerySettings settings;
    private final Classifier classifier;

    Metadata(BigQuery client, BigQuerySettings settings) {
        this.client = client;
        this.settings = settings;
        this.classifier = new Classifier(settings);
    }

    /** The table as it is; null where there is none, or no dataset. */
    @Nullable
    TableInfo table(TableId table) throws RequestFailure {
        return call(Operation.GET_TABLE, () -> client.getTable(table));
    }

    void create(TableId table, StandardTableDefinition definition) throws RequestFailure {
        TableInfo info = TableInfo.of(table, definition);
        try {
            createOrFind(Operation.CREATE_TABLE, () -> client.create(info));
        } catch (RequestFailure e) {
            if (e.failure().kind() != Kind.NOT_FOUND) {
                throw e;
            }
            createDataset();
            createOrFind(Operation.CREATE_TABLE, () -> client.create(info));
        }
    }

    /** Sends the schema alone: whatever else an operator has set on the table stays. */
    void alter(TableId table, Schema schema) throws RequestFailure {
        TableInfo info = TableInfo.of(table, StandardTableDefinition.of(schema));
        call(Operation.ALTER_TABLE, () -> client.update(info));
    }

    /** By name everything in the dataset; nothing where there is no dataset. */
    Map<String, TableDefinition.Type> list() throws RequestFailure {
        Map<String, TableDefinition.Type> names = new HashMap<>();
        try {
            call(Operation.LIST_TABLES, () -> {
                DatasetId dataset = DatasetId.of(settings.project(), settings.dataset());
                client.listTables(dataset, TableListOption.pageSize(1000))
                        .iterateAll()
                        .forEach(table -> names.put(
                                table.getTableId().getTable(),
                                table.getDefinition().getType()));
                return null;
            });
        } catch (RequestFailure e) {
            if (e.failure().kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
        return names;
    }

    /** @throws RequestFailure also where there is no dataset, or none of the tables beneath */
    void createView(TableId view, String query) throws RequestFailure {
        createOrFind(Operation.CREATE_VIEW, () -> client.create(info(view, query)));
    }

    void replaceView(TableId view, String query) throws RequestFailure {
        call(Operation.REPLACE_VIEW, () -> client.update(info(view, query)));
    }

    private static TableInfo info(TableId view, String query) {
        return TableInfo.of(
                view, ViewDefinition.newBuilder(query).setUseLegacySql(false).build());
    }

    private void createDataset() throws RequestFailure {
        DatasetInfo.Builder dataset = DatasetInfo.newBuilder(settings.project(), settings.dataset());
        if (!settings.location().isEmpty()) {
            dataset.setLocation(settings.location());
        }
        createOrFind(Operation.CREATE_DATASET, () -> client.create(dataset.build()));
    }

    private void createOrFind(Operation operation, Runnable call) throws RequestFailure {
        try {
            call.run();
        } catch (BigQueryException e) {
            if (e.getCode() != 409) {
                throw new RequestFailure(classifier.classify(e, operation));
            }
        } catch (RuntimeException e) {
            throw new RequestFailure(Failure.unreadable(e));
        }
    }

    private <T> @Nullable T call(Operation operation, Supplier<@Nullable T> call) throws RequestFailure {
        try {
            return call.get();
        } catch (BigQueryException e) {
            throw new RequestFailure(classifier.classify(e, operation));
        } catch (RuntimeException e) {
            throw new RequestFailure(Failure.unreadable(e));
        }
    }
}
