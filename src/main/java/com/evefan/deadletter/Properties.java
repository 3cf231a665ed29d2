package com.evefan.deadletter;

/** The JMS properties of a dead letter, for whoever looks at the queue with other tools. */
final class Properties {
    static final String DESTINATION = "evefanDestination";
    static final String REASON = "evefanReason";
    static final String ERROR = "evefanError";
    /** ISO 8601. */
    static final String LAST_FAILURE = "evefanLastFailure";

    static final String TYPE = "evefanType";
    static final String MESSAGE_ID = "evefanMessageId";
    static final String SOURCE = "evefanSource";

    private Properties() {}
}
