/**
 * What the journal gives beside delivery: {@link com.evefan.history.EventApi} says where an event is, {@link
 * com.evefan.history.ReplayApi} sends kept events to a destination again, {@link com.evefan.history.ErasureApi} erases a
 * person.
 */
@NullMarked
package com.evefan.history;

import org.jspecify.annotations.NullMarked;
