/**
 * Evefan, an event gateway. The life of an event:
 *
 * <ol>
 *   <li>{@code routes/ingest}: {@link com.evefan.ingest.Ingestion} finds the source, {@link com.evefan.event.EventReader}
 *       checks the events of the request and brings them into their accepted form, one line of JSON each.
 *   <li>{@link com.evefan.artemis.Journal} appends them; the sender is answered once they are on disk.
 *   <li>{@code routes/fan-out}: the journal's consumer hands over what has come meanwhile, and
 *       {@link com.evefan.delivery.FanOut} gives every destination that owes it its own copy.
 *   <li>{@code routes/destinations/X}: {@link com.evefan.delivery.EventBatches} gathers a batch by events, bytes and age.
 *   <li>{@code routes/delivery}: {@link com.evefan.delivery.Deliveries} writes the batch through
 *       {@code direct:deliver-X}, halving it where its destination rejects it. When its exchange ends well, the journal is
 *       told, and forgets the events once all destinations have done so.
 *   <li>{@code routes/error-handling}: what fails is tried again within seconds, then goes to its retry queue in ActiveMQ,
 *       from where {@code routes/redelivery} delivers it in order. {@code routes/dead-letters} keeps what is rejected.
 * </ol>
 *
 * <p>Here is the wiring: {@link com.evefan.Main} and {@link com.evefan.Evefan}.
 */
@NullMarked
package com.evefan;

import org.jspecify.annotations.NullMarked;
