package com.evefan.event;

import java.util.regex.Pattern;

/**
 * What an event is known by at every destination, fixed at ingestion: the same messageId of two sources is two events,
 * so that nobody with the public key of one source can take an id away from another. A messageId stays as it is for one
 * source; every other source has its name in front. No two events of different sources, and no two messageIds of one,
 * have the same id.
 */
public enum EventIds {
    /** The messageId; with the source's name in front where it would look like another source's id. */
    PLAIN {
        @Override
        public String of(String source, String messageId) {
            return NAMED_ID.matcher(messageId).lookingAt() ? NAMED.of(source, messageId) : messageId;
        }
    },
    /** {@code source:messageId}. */
    NAMED {
        @Override
        public String of(String source, String messageId) {
            return source + ':' + messageId;
        }
    };

    /** The member of the accepted form that holds the id where it is not the messageId. */
    public static final String MEMBER = "evefan.id";

    /** Members with this prefix are Evefan's own; a sender's are not taken. */
    static final String OWN_MEMBERS = "evefan.";

    private static final Pattern NAMED_ID = Pattern.compile("[a-z0-9][a-z0-9-]*:");

    public abstract String of(String source, String messageId);
}
