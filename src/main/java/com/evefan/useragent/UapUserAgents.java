package com.evefan.useragent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ua_parser.OS;
import ua_parser.Parser;

/**
 * User agents by the regular expressions of uap-core. One string costs about 0.7 ms, so answers are remembered: the
 * most recently used, a bounded number of them. Safe for many threads.
 */
public final class UapUserAgents implements UserAgents {
    /**
     * What is looked at of a longer string: some of the regular expressions take the cube of the length of a hostile one,
     * 60 ms for this (512 characters: 360).
     */
    private static final int MAX_LENGTH = 256;

    private final Map<String, String> names;
    private final int remembered;
    private final boolean devices;
    private final Map<String, UserAgent> cache;
    private @Nullable Parser parser;

    /**
     * @param names the library's name of a browser to ours, where they differ; an empty one is no browser
     * @param remembered how many answers to keep
     * @param devices whether to look for the device too, which takes as long again
     */
    public UapUserAgents(Map<String, String> names, int remembered, boolean devices) {
        this.devices = devices;
        this.names = Map.copyOf(names);
        this.remembered = remembered;
        this.cache = new LinkedHashMap<>(256, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, UserAgent> eldest) {
                return size() > UapUserAgents.this.remembered;
            }
        };
    }

    /** What is looked at of {@code userAgent}. */
    public static String cut(String userAgent) {
        return userAgent.length() > MAX_LENGTH ? userAgent.substring(0, MAX_LENGTH) : userAgent;
    }

    @Override
    public synchronized UserAgent parse(String userAgent) {
        if (userAgent.isEmpty()) {
            return UserAgent.UNKNOWN;
        }
        return cache.computeIfAbsent(cut(userAgent), this::read);
    }

    private UserAgent read(String userAgent) {
        if (parser == null) {
            parser = new Parser(); // 0.4 s: not before an event has a user agent
        }
        ua_parser.UserAgent browser = parser.parseUserAgent(userAgent);
        OS os = parser.parseOS(userAgent);
        String device = devices ? known(parser.parseDevice(userAgent).family) : "";
        String name = names.getOrDefault(browser.family, known(browser.family));
        String version = name.isEmpty() ? "" : longest(version(browser.major, browser.minor, browser.patch), userAgent);
        return new UserAgent(name, version, known(os.family), version(os.major, os.minor, os.patch), device);
    }

    private static String known(String family) {
        return "Other".equals(family) ? "" : family;
    }

    private static String version(@Nullable String... parts) {
        StringBuilder version = new StringBuilder();
        for (String part : parts) {
            if (part == null || part.isEmpty()) {
                break;
            }
            // Some of its expressions take a dot along.
            version.append(version.isEmpty() ? "" : ".").append(part.replace(".", ""));
        }
        return version.toString();
    }

    /** The library cuts versions after the third number; the string has the rest. */
    private static String longest(String version, String userAgent) {
        int start = version.isEmpty() ? -1 : userAgent.lastIndexOf("/" + version);
        if (start < 0) {
            return version;
        }
        int end = start + 1;
        while (end < userAgent.length() && (userAgent.charAt(end) == '.' || Character.isDigit(userAgent.charAt(end)))) {
            end++;
        }
        return userAgent.substring(start + 1, end);
    }
}
