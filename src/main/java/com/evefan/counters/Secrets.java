package com.evefan.counters;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings that are nobody's to read. The other side may repeat them where no pattern would find them: the
 * address of a chat's webhook is a secret, and is in what it answers. {@link SafeText} shows {@code ***} in their place.
 */
public final class Secrets {
    /** What is shorter may be a word of any message. */
    private static final int SHORTEST = 8;

    private static final Pattern KEY =
            Pattern.compile("(?i)password|passwd|secret|token|salt|service-account|authorization"
                    + "|(?:api|access|account|private|shared|signing|write)[-_.]?key");
    private static final Pattern URL = Pattern.compile("(?:[a-zA-Z][\\w+.-]*:)+//([^/?#]*)([^?#]*)(?:\\?([^#]*))?");
    /** A part of a path that no person has named. */
    private static final Pattern RANDOM = Pattern.compile("(?=.*\\d).{8,}|.{24,}");

    private static final Set<String> VALUES = ConcurrentHashMap.newKeySet();
    private static volatile @Nullable Pattern known;

    private Secrets() {}

    /** Takes note of a setting, if it is one of those. */
    public static void note(String key, @Nullable String value) {
        if (value == null || value.length() < SHORTEST) {
            return;
        }
        if (KEY.matcher(key).find()) {
            hide(value);
            hide(value.substring(value.indexOf(':') + 1)); // user:password
        }
        Matcher url = URL.matcher(value);
        if (url.lookingAt()) {
            String authority = url.group(1);
            hide(authority.substring(0, Math.max(0, authority.lastIndexOf('@'))));
            for (String part : url.group(2).split("/")) {
                if (RANDOM.matcher(part).matches()) {
                    hide(part);
                }
            }
            String query = url.group(3) == null ? "" : url.group(3);
            for (String parameter : query.split("&")) {
                hide(parameter.substring(parameter.indexOf('=') + 1));
            }
        }
    }

    private static void hide(String value) {
        if (value.length() >= SHORTEST && VALUES.add(value)) {
            known = Pattern.compile(VALUES.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|")));
        }
    }

    static String masked(String text) {
        Pattern now = known;
        return now == null ? text : now.matcher(text).replaceAll("***");
    }
}
