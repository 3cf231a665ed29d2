package com.evefan.destination.mixpanel;

import java.util.Locale;

/** How a Mixpanel project joins the devices of one user: a setting of the project, which ours must repeat. */
public enum IdentityMerge {
    /** {@code $device_id} and {@code $user_id} stand in every event, and Mixpanel joins them. */
    SIMPLIFIED,
    /** Ids are joined by {@code $merge} and {@code $create_alias} events of their own. */
    ORIGINAL;

    /**
     * The mode called {@code name}.
     *
     * @throws IllegalArgumentException when there is none; the message names the setting
     */
    public static IdentityMerge of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "simplified" -> SIMPLIFIED;
            case "original" -> ORIGINAL;
            default ->
                throw new IllegalArgumentException(
                        "evefan.mixpanel.identity-merge must be simplified or original, was " + name);
        };
    }
}
