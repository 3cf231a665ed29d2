/**
 * What ingestion adds to an event's context from what it knows of the sender: browser, operating system and device behind
 * a user agent, the place behind an address. Everything here can be turned off, and what costs is off by default.
 */
@NullMarked
package com.evefan.enrichment;

import org.jspecify.annotations.NullMarked;
