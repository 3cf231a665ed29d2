package com.evefan.enrichment;

import com.evefan.useragent.UapUserAgents;
import com.evefan.useragent.UserAgent;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a user agent tells, as members of {@code context}: os, browser, device, and bot where it is one. */
final class Browsers {
    /** Half a kilobyte each, about; a site's visitors have a few thousand different ones. */
    private static final int REMEMBERED = 10_000;

    /** The member that says that it is one. */
    static final String BOT = "bot";

    private static final String ROBOT = "Spider";
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

    /** Of the time, how much goes into new ones at most: a quarter, and a tenth of a second at once. */
    private static final int SHARE = 4;

    private static final long MOST_CREDIT_NANOS = 100_000_000L;

    private final UserAgents userAgents;
    private final LongSupplier nanoTime;
    private final Recent<Map<String, byte[]>> recent = new Recent<>(REMEMBERED);
    private long credit = MOST_CREDIT_NANOS;
    private long counted;

    Browsers() {
        this(new UapUserAgents(Map.of(), 1, true), System::nanoTime);
        userAgents.parse("Mozilla"); // makes the parser: nobody should wait for that
    }

    Browsers(UserAgents userAgents, LongSupplier nanoTime) {
        this.userAgents = userAgents;
        this.nanoTime = nanoTime;
        this.counted = nanoTime.getAsLong();
    }

    /** What is known of {@code userAgent} without looking at it; null for nothing. */
    @Nullable
    Map<String, byte[]> known(String userAgent) {
        return userAgent.isEmpty() ? Map.of() : recent.known(UapUserAgents.cut(userAgent));
    }

    /**
     * What {@code userAgent} tells; nothing where too much time has gone into others: a hostile one takes as long as
     * sixty others.
     */
    synchronized Map<String, byte[]> find(String userAgent) {
        Map<String, byte[]> known = known(userAgent);
        long start = nanoTime.getAsLong();
        credit = Math.min(MOST_CREDIT_NANOS, credit + (start - counted) / SHARE);
        counted = start;
        if (known != null || credit <= 0) {
            return known == null ? Map.of() : known;
        }
        Map<String, byte[]> found = members(userAgents.parse(userAgent));
        recent.put(UapUserAgents.cut(userAgent), found);
        credit -= nanoTime.getAsLong() - start;
        return found;
    }

    private static Map<String, byte[]> members(UserAgent agent) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        put(members, "os", named(agent.os(), agent.osVersion()));
        put(members, "browser", named(agent.browser(), agent.browserVersion()));
        if (agent.device().equals(ROBOT)) {
            members.put(BOT, TRUE);
        } else {
            put(members, "device", JsonObjects.put(JsonObjects.create(), "model", agent.device()));
        }
        return members;
    }

    private static ObjectNode named(String name, String version) {
        ObjectNode object = JsonObjects.put(JsonObjects.create(), "name", name);
        return name.isEmpty() ? object : JsonObjects.put(object, "version", version);
    }

    private static void put(Map<String, byte[]> members, String name, ObjectNode value) {
        JsonObjects.bytes(value).ifPresent(bytes -> members.put(name, bytes));
    }
}
