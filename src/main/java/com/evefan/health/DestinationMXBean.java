package com.evefan.health;

/** The counters of one destination in JMX, and so in Hawtio: the same as in health, metrics and the console. */
public interface DestinationMXBean {
    /** {@code up}, {@code retrying}, {@code set-up error} or {@code disabled}. */
    String getStatus();

    /** What is wrong and what happens next; empty when nothing is. */
    String getMessage();

    /** Events handed to this destination. */
    long getAccepted();

    /** Events that it took. */
    long getDelivered();

    /** Events in memory, on their way. */
    long getPending();

    /** Events in its retry queue. */
    long getRetrying();

    /** Events that it will never take. */
    long getRejected();

    /** Events that it did not take within the retention. */
    long getDead();

    /** Events that were sent again, once for every repeated attempt. */
    long getRetried();

    /** Events in its dead-letter queue. */
    long getDeadLetters();

    /** The age of its oldest event that is neither delivered nor a dead letter; 0 where there is none. */
    long getOldestSeconds();
}
