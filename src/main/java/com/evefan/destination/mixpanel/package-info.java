/**
 * Mixpanel: what an event becomes there (a table, {@code mapping.table}, and {@code docs/mixpanel.md} in words), which of
 * the endpoints take part in it, how the calls are packed, and what each answer means. Camel makes the calls, in
 * {@code routes/destinations/mixpanel.camel.yaml}.
 */
@NullMarked
package com.evefan.destination.mixpanel;

import org.jspecify.annotations.NullMarked;
