package com.evefan.counters;

import java.time.Instant;

/**
 * A destination that fails at the moment.
 *
 * @param since the first failed attempt since it last took a batch
 * @param attempts failed attempts since then
 * @param setUp whether it waits for an operator: a wrong password, a missing database
 * @param message the last failure in words, free of payloads and secrets
 */
public record Outage(Instant since, long attempts, boolean setUp, String message) {}
