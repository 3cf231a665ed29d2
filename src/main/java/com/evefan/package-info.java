/**
 * Evefan, an event gateway. The life of an event:
 *
 * <ol>
 *   <li>{@code routes/ingest}: {@link com.evefan.ingest.Ingestion} finds the source, {@link com.evefan.event.EventReader}
 *       checks the events of the request and brings them into their accepted form, one line of JSON each.
 *   <li>{@link com.evefan.journal.Journal} appends them; the sender is answered once they are on disk.
 *   <li>{@code routes/pipeline/fan-out}: the journal's consumer takes what is next for the destinations that stand at the
 *       same place and have room, and {@link com.evefan.delivery.FanOut} gives each its own copy.
 *   <li>{@code routes/pipeline/batch}, a template made for every destination: {@link com.evefan.delivery.EventBatches}
 *       gathers a batch by events, bytes and age, on the destination's own thread.
 *   <li>{@code routes/pipeline/delivery}: {@link com.evefan.delivery.Deliveries} delivers the batch through
 *       {@code direct:X}, the route of {@code routes/destinations/X}, halving it where its destination rejects it. When it
 *       is acknowledged, the destination's place moves on.
 *   <li>{@code routes/pipeline/error-handling}: what fails is repeated where it is, first within seconds, then ever more
 *       slowly; {@link com.evefan.delivery.Destination}, the state of one destination, says when.
 *       {@code routes/pipeline/dead-letters} keeps in ActiveMQ what is rejected or too old.
 * </ol>
 *
 * <p>Here is the wiring: {@link com.evefan.Main} and {@link com.evefan.Evefan}.
 */
@NullMarked
package com.evefan;

import org.jspecify.annotations.NullMarked;
