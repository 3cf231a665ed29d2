package com.evefan.enrichment;

import com.evefan.useragent.UapUserAgents;
import com.evefan.useragent.UserAgent;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a user agent tells, as members of {@code context}: os, browser, device, and bot where it is one. */
final class Browsers {
    /** Half a kilobyte each, about; a site's visitors have a few thousand different ones. */
    private static final int REMEMBERED = 10_000;

    private static final String ROBOT = "Spider";
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);

    private final UserAgents userAgents = new UapUserAgents(Map.of(), 1, true);
    private final Recent<Map<String, byte[]>> recent = new Recent<>(REMEMBERED);

    Map<String, byte[]> of(String userAgent) {
        if (userAgent.isEmpty() || userAgent.length() > UapUserAgents.MAX_LENGTH) {
            return Map.of();
        }
        return recent.get(userAgent, text -> members(userAgents.parse(text)));
    }

    private static Map<String, byte[]> members(UserAgent agent) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        put(members, "os", named(agent.os(), agent.osVersion()));
        put(members, "browser", named(agent.browser(), agent.browserVersion()));
        if (agent.device().equals(ROBOT)) {
            members.put("bot", TRUE);
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
