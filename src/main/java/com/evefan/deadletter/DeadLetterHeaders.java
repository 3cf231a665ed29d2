package com.evefan.deadletter;

/** The JMS properties of a dead letter, for whoever looks at the queue with other tools. */
final class DeadLetterHeaders {
    static final String DESTINATION = "evefanDestination";
    static final String REASON = "evefanReason";
    static final String ERROR = "evefanError";
    /** ISO 8601. */
    static final String LAST_FAILURE = "evefanLastFailure";

    static final String TYPE = "evefanType";
    static final String MESSAGE_ID = "evefanMessageId";
    static final String SOURCE = "evefanSource";

    /** When a turn through the queue moved it behind those that it had yet to see, in milliseconds; see {@link DeadLetterScan}. */
    static final String TURN = "evefanTurn";

    private DeadLetterHeaders() {}
}
