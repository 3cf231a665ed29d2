package com.evefan.destination.bigquery;

import com.evefan.warehouse.Table;
import java.util.List;

/** Rows of one table that go to BigQuery in one request. */
record InsertRequest(Table table, List<EncodedRow> rows) {
    InsertRequest with(List<EncodedRow> others) {
        return new InsertRequest(table, others);
    }

    InsertRequest firstHalf() {
        return with(rows.subList(0, rows.size() / 2));
    }

    InsertRequest secondHalf() {
        return with(rows.subList(rows.size() / 2, rows.size()));
    }

    @Override
    public String toString() {
        return rows.size() + " rows of " + table.name();
    }
}
