package com.evefan.destination.mixpanel;

/**
 * The browser and operating system of a user agent string; what is not known is empty.
 *
 * @param browser the browser's name, such as {@code Chrome}
 * @param browserVersion its version as far as the string tells it
 * @param os the operating system's name, such as {@code Mac OS X}
 * @param osVersion its version
 */
record UserAgent(String browser, String browserVersion, String os, String osVersion) {
    static final UserAgent UNKNOWN = new UserAgent("", "", "", "");
}
