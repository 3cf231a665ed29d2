/**
 * The tables and columns that PostgreSQL and BigQuery share, and what an event is in them. Knows no Camel and no
 * database.
 */
@NullMarked
package com.evefan.warehouse;

import org.jspecify.annotations.NullMarked;
