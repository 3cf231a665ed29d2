package com.evefan.destination.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.InsertAllRequest;
import com.google.cloud.bigquery.TableId;

/**
 * One call of {@code tabledata.insertAll}. Valid rows go in although others do not ({@code skipInvalidRows}); unknown
 * values are never ignored.
 */
final class Inserter {
    private final BigQuery client;
    private final Classifier classifier;

    Inserter(BigQuery client, BigQuerySettings settings) {
        this.client = client;
        this.classifier = new Classifier(settings);
    }

    RowErrors insert(TableId table, InsertRequest request) throws RequestFailure {
        InsertAllRequest.Builder call = InsertAllRequest.newBuilder(table).setSkipInvalidRows(true);
        request.rows().forEach(row -> call.addRow(row.row()));
        try {
            return new RowErrors(request, client.insertAll(call.build()).getInsertErrors());
        } catch (BigQueryException e) {
            throw new RequestFailure(classifier.classify(e, Operation.INSERT));
        } catch (RuntimeException e) {
            throw new RequestFailure(Failure.unreadable(e));
        }
    }
}
