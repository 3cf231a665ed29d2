package com.evefan.event;

import org.jspecify.annotations.Nullable;

/**
 * An accepted event in which something is not what its sender meant.
 *
 * @param index its place in the batch, from 0; 0 where it came alone
 * @param messageId of the event
 */
public record Warning(int index, @Nullable String messageId, Cause cause) {
    private static final int LONGEST_QUOTE = 60;

    /** What kind of thing it is; counted by it. */
    public enum Kind {
        /** A time that nobody understands. */
        TIMESTAMP,
        /** A time that no clock can have told. */
        CLOCK,
        /** A value that JSON has no word for. */
        REPAIRED,
        /** An event that breaks its source's tracking plan. */
        PLAN;

        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @param text which member it is and what stands in its place; fit for the sender */
    public record Cause(Kind kind, String text) {}

    /** A time that is none; {@code instead} says what stands in its place. */
    static Cause notUnderstood(String member, Value time, byte[] json, String instead) {
        String text = time.text(json);
        return new Cause(
                Kind.TIMESTAMP,
                member + " not understood: "
                        + (text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text) + instead);
    }

    static Cause clock(String text) {
        return new Cause(Kind.CLOCK, text);
    }

    @Override
    public String toString() {
        return "event " + index + ": " + cause.text();
    }
}
