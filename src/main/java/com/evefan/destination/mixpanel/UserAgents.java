package com.evefan.destination.mixpanel;

/** Knows the browser and the operating system behind a user agent string. */
@FunctionalInterface
interface UserAgents {
    /**
     * What {@code userAgent} says.
     *
     * @param userAgent the string as the browser sent it, of any length
     */
    UserAgent parse(String userAgent);
}
