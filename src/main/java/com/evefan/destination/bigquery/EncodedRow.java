package com.evefan.destination.bigquery;

import com.evefan.event.Event;
import com.google.cloud.bigquery.InsertAllRequest.RowToInsert;

/**
 * An event as BigQuery gets it, the same at every attempt.
 *
 * @param bytes what the row adds to the body of a request
 */
record EncodedRow(Event event, RowToInsert row, long bytes) {
    @Override
    public String toString() {
        return event + ", " + bytes + " bytes";
    }
}
