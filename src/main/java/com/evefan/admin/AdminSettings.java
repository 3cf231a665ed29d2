package com.evefan.admin;

/**
 * The administrator.
 *
 * @param token what requests have to name; empty: callers on this machine need none, others are refused
 */
public record AdminSettings(String token) {
    private static final int SHORTEST = 8;

    public AdminSettings {
        if (!token.isEmpty() && token.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "evefan.admin.token must have at least " + SHORTEST + " characters, or none");
        }
    }

    @Override
    public String toString() {
        return token.isEmpty() ? "callers on this machine" : "callers with the token";
    }
}
