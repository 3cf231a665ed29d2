package com.evefan.event;

/** Where events came from and what waits to hear that a destination has them. */
@FunctionalInterface
public interface Acknowledgement {
    /** {@code destination} holds these events, or a dead-letter or retry queue does in its place. */
    void acknowledge(String destination);
}
