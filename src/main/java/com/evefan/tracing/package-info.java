/**
 * OpenTelemetry, off until {@code evefan.tracing.endpoint} is set: Camel's spans of every route, and one for each delivery
 * in the trace of the request that brought its events.
 */
@NullMarked
package com.evefan.tracing;

import org.jspecify.annotations.NullMarked;
