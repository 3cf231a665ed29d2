package com.evefan.console;

import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what destinations would be sent, and sends nothing. Thread-safe. */
public interface Explanations {
    /**
     * Reads a request as if a source had sent it.
     *
     * @param source its name; null for whose write key the request has, or the first
     * @param type of events that name none; null for none
     * @throws IllegalArgumentException when there is no such source or type, or it is no request; the message says why
     */
    ReadResult read(byte[] json, @Nullable String source, @Nullable String type) throws Exception;

    /**
     * What each destination would get of {@code event}, by its name.
     *
     * @param only this one; null for all
     * @throws IllegalStateException when route files are wrong; the message says what
     */
    Map<String, Outcome> outcomes(Event event, @Nullable String only) throws Exception;

    /**
     * What one would get.
     *
     * @param why not; empty where it gets something
     * @param stoppedBy the step that leaves the event out; empty where none does
     * @param sent rows or requests, for people to read
     */
    record Outcome(String why, String stoppedBy, List<String> sent) {
        public Outcome {
            sent = List.copyOf(sent);
        }

        public boolean gets() {
            return why.isEmpty();
        }
    }
}
