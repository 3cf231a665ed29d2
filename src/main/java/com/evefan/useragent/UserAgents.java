package com.evefan.useragent;

/** Knows the browser and the operating system behind a user agent string. */
@FunctionalInterface
public interface UserAgents {
    /**
     * What {@code userAgent} says.
     *
     * @param userAgent the string as the browser sent it, of any length
     */
    UserAgent parse(String userAgent);
}
