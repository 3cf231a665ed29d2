/**
 * BigQuery: events as rows of six tables, written with {@code tabledata.insertAll} through the official client. Errors
 * of rows and of requests are told apart here and nowhere else.
 */
@NullMarked
package com.evefan.destination.bigquery;

import org.jspecify.annotations.NullMarked;
