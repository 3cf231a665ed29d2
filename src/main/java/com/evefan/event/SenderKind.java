package com.evefan.event;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What sends the events of a source, and so whose address a connection has: a browser's or an app's is its user's, a
 * server's is the data centre's.
 */
public enum SenderKind {
    /** The events themselves say it: by their channel, else by the library that made them. */
    UNKNOWN,
    BROWSER,
    MOBILE,
    SERVER;

    /** The {@code channel} of Segment's and RudderStack's libraries. */
    private static final Set<String> USERS_CHANNELS = Set.of("browser", "web", "mobile", "client");

    private static final Set<String> OTHER_CHANNELS = Set.of("server", "http", "sources");

    /** Words in the names of libraries that run in a browser or an app: {@code analytics.js}, {@code analytics-ios}. */
    private static final Set<String> USERS_LIBRARIES = Set.of(
            "js",
            "javascript",
            "browser",
            "web",
            "android",
            "ios",
            "swift",
            "kotlin",
            "native",
            "flutter",
            "cordova",
            "unity",
            "xamarin");

    /** Words that say otherwise, whatever else is in the name: {@code analytics-node.js}. */
    private static final Set<String> SERVER_LIBRARIES =
            Set.of("node", "nodejs", "server", "serverless", "backend", "lambda", "deno", "bun");

    /**
     * Whether the connection's address is that of the user.
     *
     * @param channel of the event; null where it has none
     * @param library the name of the library that made the event; null where it has none
     */
    boolean hasUsersAddress(@Nullable String channel, @Nullable String library) {
        if (this != UNKNOWN) {
            return this != SERVER;
        }
        String said = channel == null ? "" : channel.toLowerCase(Locale.ROOT);
        if (USERS_CHANNELS.contains(said) || OTHER_CHANNELS.contains(said)) {
            return USERS_CHANNELS.contains(said);
        }
        return library != null && isUsers(library.toLowerCase(Locale.ROOT));
    }

    /** Looks at the words of a name; every event without an address comes here. */
    private static boolean isUsers(String library) {
        boolean users = false;
        int start = 0;
        for (int i = 0; i <= library.length(); i++) {
            if (i < library.length() && Character.isLetterOrDigit(library.charAt(i))) {
                continue;
            }
            String word = library.substring(start, i);
            if (SERVER_LIBRARIES.contains(word)) {
                return false;
            }
            users |= USERS_LIBRARIES.contains(word);
            start = i + 1;
        }
        return users;
    }
}
