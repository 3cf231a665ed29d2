/**
 * The HTTP API up to the journal: sources and their write keys, what a request's bytes are, which call it is, and what it
 * is answered. What an event is stands in {@link com.evefan.event}.
 */
@NullMarked
package com.evefan.ingest;

import org.jspecify.annotations.NullMarked;
