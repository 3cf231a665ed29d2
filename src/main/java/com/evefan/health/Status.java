package com.evefan.health;

/** How a destination is doing. */
public enum Status {
    /** It takes what it is sent. */
    UP("up"),
    /** It fails, or what waited while it failed is being delivered. */
    RETRYING("retrying"),
    /** It waits for an operator. */
    SET_UP_ERROR("set-up error"),
    /** It is switched off, stopped or gone. */
    DISABLED("disabled");

    private final String wireName;

    Status(String wireName) {
        this.wireName = wireName;
    }

    /** As it stands in JSON. */
    public String wireName() {
        return wireName;
    }
}
