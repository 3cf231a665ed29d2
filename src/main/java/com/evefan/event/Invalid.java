package com.evefan.event;

import org.jspecify.annotations.Nullable;

/**
 * An event of a request that cannot be accepted.
 *
 * @param index its place in the batch, from 0; 0 where it came alone
 * @param messageId as sent, where it has one
 * @param error which member is wrong and what was expected; fit for the sender
 * @param json the event as sent, in UTF-8 without line breaks and without {@code writeKey}; cut at the limit of an
 *     event's size, so not always JSON
 */
@SuppressWarnings("ArrayRecordComponent") // handed on by reference and never written to
public record Invalid(int index, @Nullable String messageId, String error, byte[] json) {
    /** The name under which the invalid events of a request travel beside its accepted ones. */
    public static final String PROPERTY = "invalid";

    /** The name under which the {@link Sender} of invalid events travels beside them. */
    public static final String SENDER = "invalidSender";

    /**
     * Who sent them.
     *
     * @param source its name
     * @param address of the sender, proxies left out
     * @param userAgent as the request has it
     */
    public record Sender(
            String source,
            @Nullable String address,
            @Nullable String userAgent) {}

    /** Free of what the sender said, but for what the error quotes. */
    @Override
    public String toString() {
        return "event " + index + ": " + error;
    }
}
