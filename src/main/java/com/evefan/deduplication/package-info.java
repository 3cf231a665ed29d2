/**
 * Whether an event was accepted before. Senders repeat a request whose answer they did not get; what they repeat is
 * answered as before and kept once.
 */
@NullMarked
package com.evefan.deduplication;

import org.jspecify.annotations.NullMarked;
