/**
 * What makes an event durable: a Camel component ({@code journal:accepted}) over the storage engine of the Artemis
 * broker. The producer returns once a request's events are on disk; the consumer hands over everything accepted since
 * its last turn; a record goes when every destination that owes it has acknowledged.
 */
@NullMarked
package com.evefan.artemis;

import org.jspecify.annotations.NullMarked;
