package com.evefan.event;

import org.jspecify.annotations.Nullable;

/** What a source's tracking plan says of its events. Has to be thread-safe. */
public interface Plan {
    /** No plan. */
    Plan NONE = new Plan() {
        @Override
        public Mode mode() {
            return Mode.OFF;
        }

        @Override
        public @Nullable String violation(EventType type, byte[] json) {
            return null;
        }
    };

    /** What becomes of an event that breaks the plan. */
    enum Mode {
        /** Nobody looks. */
        OFF,
        /** It is accepted, its sender is told, and it is counted. */
        REPORT,
        /** Besides, it says so itself: {@code context.violations}. */
        FLAG,
        /** It is refused. */
        REJECT
    }

    Mode mode();

    /**
     * Where an event breaks the plan: which member, and what was expected; null where it does not. Fit for its sender, and
     * free of its values.
     *
     * @param json the event as it would be accepted, whole
     */
    @Nullable
    String violation(EventType type, byte[] json);
}
