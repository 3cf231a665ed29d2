/**
 * Events into PostgreSQL: the pool, the tables, the writer, its errors, and the server that runs when none is named.
 * Rows are what {@link com.evefan.warehouse} makes of events.
 */
@NullMarked
package com.evefan.destination.postgres;

import org.jspecify.annotations.NullMarked;
