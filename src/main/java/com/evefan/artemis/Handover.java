package com.evefan.artemis;

import com.evefan.event.EventBatch;
import java.util.Set;

/**
 * What the fan-out gets at once.
 *
 * @param batch the events, with what waits for their acknowledgement
 * @param destinations who owes them
 */
record Handover(EventBatch batch, Set<String> destinations) {}
