package com.evefan.counters;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the message of an error fit for health and logs: one short line without secrets and without rows. */
public final class SafeText {
    private static final int LONGEST = 300;
    private static final int LONGEST_QUOTED = 2_048;
    private static final int LONGEST_WHOLE = LONGEST + LONGEST_QUOTED;
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile("(?<=//)[^/@\\s]*@"),
            Pattern.compile("(?i)(?<=\\b(?:bearer|basic)\\s)[\\w+/=.~-]+"),
            Pattern.compile(
                    "(?i)(?<=\\b(?:password|passwd|pwd|token|secret|api[_-]?key|key|authorization|write-?key)[\"']?\\s?[=:]\\s?)(?!(?:bearer|basic)\\s)[^\\s,;&)}\\]]+"),
            Pattern.compile("(?i)(?<=\\b(?:password|token|secret|key)\\s)[\"']?(?=\\S*\\d)[\\w+/=.~-]{8,}[\"']?"),
            Pattern.compile("\\beyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)?"));

    /** What PostgreSQL and others add to a message may quote the row. */
    private static final Pattern DETAIL = Pattern.compile("(?is)\\s*\\b(?:detail|where|hint|row|failing row)\\s*:.*");

    /** What may stand in an event: databases quote it behind a colon, others as JSON. */
    private static final Pattern VALUES = Pattern.compile(": *\".*\"|: *'.*'|\\{.*}|\\[.*]");

    /** What others quote may be a value, or the name of a column: both are left out. */
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|(?<!\\w)'[^']*'|=\\([^)]*\\)");

    /** What stands behind a status is an answer. */
    private static final Pattern ANSWER = Pattern.compile("(?<=\\banswered (?:HTTP )?\\d{3}): .*");

    private SafeText() {}

    /** What Evefan itself says in {@code message}: without the lines of others, and without what it quotes of them. */
    public static String ownWords(String message) {
        String own = ANSWER.matcher(withoutValues(message)).replaceAll("…");
        return QUOTED.matcher(own).replaceAll("…");
    }

    /** The first line of {@code message}, with what may be a value of an event left out; the other lines quote others. */
    public static String withoutValues(String message) {
        return VALUES.matcher(message.lines().findFirst().orElse("")).replaceAll("…");
    }

    /** {@code message}, or {@code otherwise} where there is none. */
    public static String of(@Nullable String message, String otherwise) {
        return cut(message, otherwise, LONGEST);
    }

    /**
     * The same with room for what {@link #quote} has taken over from the other side, which keeps to a line of its own: for
     * health, not for logs.
     */
    public static String whole(@Nullable String message, String otherwise) {
        String safe =
                message == null ? "" : DETAIL.matcher(message).replaceAll("").strip();
        int end = safe.indexOf('\n');
        if (end < 0) {
            return cut(safe, otherwise, LONGEST_WHOLE);
        }
        String own = cut(safe.substring(0, end), otherwise, LONGEST_WHOLE);
        String others = cut(safe.substring(end), "", LONGEST_WHOLE);
        return others.isEmpty() ? own : own + "\n" + others;
    }

    /** At most 2 KB of what the other side says, without secrets; empty where that is nothing. */
    public static String quote(@Nullable String answer) {
        if (answer == null || answer.isBlank()) {
            return "";
        }
        // A secret that the cut goes through stands behind what is shown.
        String safe = answer.substring(0, Math.min(answer.length(), 2 * LONGEST_QUOTED));
        safe = withoutSecrets(safe).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return safe.length() <= LONGEST_QUOTED ? safe : safe.substring(0, LONGEST_QUOTED) + "…";
    }

    private static String cut(@Nullable String message, String otherwise, int longest) {
        if (message == null || message.isBlank()) {
            return otherwise;
        }
        String safe = DETAIL.matcher(message).replaceAll("");
        safe = withoutSecrets(safe).replaceAll("\\s+", " ").strip();
        return safe.length() <= longest ? safe : safe.substring(0, longest) + "…";
    }

    /** {@code text} with what looks like a secret in it, or is one of the settings', replaced. */
    public static String withoutSecrets(String text) {
        String safe = Secrets.masked(text);
        for (Pattern secret : SECRETS) {
            safe = secret.matcher(safe).replaceAll("***");
        }
        return safe;
    }
}
