package com.evefan.destination.mixpanel;

/** Mixpanel's own rules exclude this event, whatever one does; the message is the reason. */
final class Unmappable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;

    /**
     * @param error the rule in a word, as dead letters are grouped by it
     */
    Unmappable(String error, String reason) {
        super(reason);
        this.error = error;
    }

    String error() {
        return error;
    }
}
