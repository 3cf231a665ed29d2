package com.evefan.journal;

import com.evefan.event.EventBatch;
import java.util.Set;

/**
 * Events handed out at once.
 *
 * @param batch the events in the order of their acceptance, with what has to be acknowledged by each destination
 * @param destinations who gets them
 */
public record Handover(EventBatch batch, Set<String> destinations) {}
