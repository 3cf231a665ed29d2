package com.evefan.counters;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the message of an error fit for health and logs: one short line without secrets and without rows. */
public final class SafeText {
    private static final int LONGEST = 300;
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile("(?<=://)[^/@\\s]*@"),
            Pattern.compile("(?i)(?<=\\b(?:bearer|basic)\\s)[\\w+/=.~-]+"),
            Pattern.compile(
                    "(?i)(?<=\\b(?:password|passwd|pwd|token|secret|api[_-]?key|key|authorization|write-?key)[\"']?\\s?[=:]\\s?)(?!(?:bearer|basic)\\s)[^\\s,;&)}\\]]+"));

    /** What PostgreSQL and others add to a message may quote the row. */
    private static final Pattern DETAIL = Pattern.compile("(?is)\\s*\\b(?:detail|where|hint|row|failing row)\\s*:.*");

    private SafeText() {}

    /** {@code message}, or {@code otherwise} where there is none. */
    public static String of(@Nullable String message, String otherwise) {
        if (message == null || message.isBlank()) {
            return otherwise;
        }
        String safe = DETAIL.matcher(message).replaceAll("");
        for (Pattern secret : SECRETS) {
            safe = secret.matcher(safe).replaceAll("***");
        }
        safe = safe.replaceAll("\\s+", " ").strip();
        return safe.length() <= LONGEST ? safe : safe.substring(0, LONGEST) + "…";
    }
}
