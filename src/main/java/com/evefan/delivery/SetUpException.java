package com.evefan.delivery;

import com.evefan.counters.SafeText;
import org.jspecify.annotations.Nullable;

/**
 * The destination as a whole is set up wrongly: a rotated password, a missing database, no permission. No event is to
 * blame; the destination waits until an operator has set it right.
 */
public final class SetUpException extends Exception {
    private static final int LONGEST_LOCATION = 150;

    /**
     * @param message what is wrong and what to do about it, for an operator; free of secrets
     */
    public SetUpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Where a redirect leads, for such a message. What follows the path may be a secret, such as a signature. */
    public static String redirect(@Nullable String location) {
        String quoted = SafeText.quote(location);
        if (quoted.isEmpty()) {
            return ", a redirect without a Location: check its address";
        }
        int end = Math.min(quoted.length(), LONGEST_LOCATION);
        for (char mark : new char[] {'?', '#', ';'}) {
            int at = quoted.indexOf(mark);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        String shown = quoted.substring(0, end) + (end < quoted.length() ? "…" : "");
        return ", a redirect, which is not followed: its address may have to be " + shown;
    }
}
