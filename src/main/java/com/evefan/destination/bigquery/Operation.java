package com.evefan.destination.bigquery;

/** What Evefan asks of BigQuery, with the permission it takes (Google, "BigQuery IAM permissions"). */
enum Operation {
    INSERT("bigquery.tables.updateData", true),
    GET_TABLE("bigquery.tables.get", true),
    CREATE_TABLE("bigquery.tables.create", true),
    ALTER_TABLE("bigquery.tables.update", true),
    CREATE_DATASET("bigquery.datasets.create", false),
    LIST_TABLES("bigquery.tables.list", true),
    /** A view may be made by those only who may read what is beneath it. */
    CREATE_VIEW("bigquery.tables.create or bigquery.tables.getData", true),
    REPLACE_VIEW("bigquery.tables.update or bigquery.tables.getData", true);

    private final String permission;
    private final boolean onDataset;

    Operation(String permission, boolean onDataset) {
        this.permission = permission;
        this.onDataset = onDataset;
    }

    /** What is lacking when BigQuery denies access, in words. */
    String lacking(BigQuerySettings settings) {
        String where = onDataset ? "dataset " + settings.dataset() : "project " + settings.project();
        return "the service account lacks " + permission + " on " + where;
    }
}
