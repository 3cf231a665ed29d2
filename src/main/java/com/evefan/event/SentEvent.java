package com.evefan.event;

/**
 * An event as it stands in the request, with what its limits are measured by.
 *
 * @param depth of its deepest object or array; 1 for an event of plain members
 * @param longestNumber in characters
 * @param longestName in characters; of a short one perhaps in bytes ({@link JsonScanner#longestName})
 */
record SentEvent(Value value, int depth, int longestNumber, int longestName) {}
