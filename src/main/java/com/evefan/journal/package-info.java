/**
 * The journal: the ordered list of accepted events, and the place of every destination in it. {@link Journal} is all that
 * the rest of Evefan knows of it; {@code journal.local} keeps it in files. The Camel component {@code journal:accepted}
 * appends (producer) and hands out (consumer).
 */
@NullMarked
package com.evefan.journal;

import org.jspecify.annotations.NullMarked;
