package com.evefan.useragent;

/**
 * The browser and operating system of a user agent string; what is not known is empty.
 *
 * @param browser the browser's name, such as {@code Chrome}
 * @param browserVersion its version as far as the string tells it
 * @param os the operating system's name, such as {@code Mac OS X}
 * @param osVersion its version
 * @param device the device's family, such as {@code iPhone}; {@code Spider} for a robot; empty where it was not asked for
 */
public record UserAgent(String browser, String browserVersion, String os, String osVersion, String device) {
    public static final UserAgent UNKNOWN = new UserAgent("", "", "", "", "");
}
