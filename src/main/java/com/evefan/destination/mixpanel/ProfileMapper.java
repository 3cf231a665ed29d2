package com.evefan.destination.mixpanel;

import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Updates of profiles: what an identify or a group call says about a user or a group. */
final class ProfileMapper {
    private final MixpanelSettings settings;
    private final Mapping mapping;
    private final UserAgents userAgents;

    ProfileMapper(MixpanelSettings settings, Mapping mapping, UserAgents userAgents) {
        this.settings = settings;
        this.mapping = mapping;
        this.userAgents = userAgents;
    }

    /** The user's profile: the fields of the table, then every trait that the table did not use, under its own name. */
    Call identify(JsonNode json, Identity identity) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        Set<String> used = new HashSet<>();
        mapping.apply("profile", json, fields, userAgents, used);
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        custom(json.path("context").path("traits"), used, set);
        custom(json.path("traits"), used, set);
        set.setAll(fields);
        ObjectNode update = user(json, identity);
        update.put(
                "$ignore_time",
                json.path("context").path("active").isBoolean()
                        && !json.path("context").path("active").booleanValue());
        update.set("$set", set);
        return new Call(Endpoint.ENGAGE, update);
    }

    private static void custom(JsonNode traits, Set<String> used, ObjectNode set) {
        traits.properties().forEach(trait -> {
            if (!used.contains(trait.getKey())) {
                set.set(trait.getKey(), trait.getValue());
            }
        });
    }

    /** The group's id on the user, and the group's own profile. */
    void group(JsonNode json, Identity identity, List<Call> calls) throws Unmappable {
        String groupId = Identity.id(json, "groupId");
        if (groupId.isEmpty()) {
            throw new Unmappable("groupId", "no groupId: Mixpanel needs one");
        }
        ObjectNode user = user(json, identity);
        user.putObject("$set").put("$group_id", groupId);
        calls.add(new Call(Endpoint.ENGAGE, user));
        ObjectNode group = JsonNodeFactory.instance.objectNode();
        group.put("$token", settings.token());
        group.put("$group_key", settings.groupKey());
        group.put("$group_id", groupId);
        address(json, group);
        group.set("$set", json.get("traits") instanceof ObjectNode own ? own : JsonNodeFactory.instance.objectNode());
        calls.add(new Call(Endpoint.GROUPS, group));
    }

    private ObjectNode user(JsonNode json, Identity identity) {
        ObjectNode update = JsonNodeFactory.instance.objectNode();
        update.put("$token", settings.token());
        update.put("$distinct_id", identity.distinctId());
        address(json, update);
        return update;
    }

    /** Without an address Mixpanel takes that of the caller, and moves every profile to where Evefan runs; 0 stops it. */
    private static void address(JsonNode json, ObjectNode update) {
        String ip = json.path("context").path("ip").asText("");
        update.put("$ip", ip.isEmpty() || "null".equals(ip) ? "0" : ip);
    }
}
