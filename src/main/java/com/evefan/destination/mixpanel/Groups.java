package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The groups that an event names: the group of a group call, or of {@code context.groupId}, and the traits that
 * {@code evefan.mixpanel.group-keys} names. Mixpanel takes them as lists of ids by group key, in events as on users.
 */
final class Groups {
    private final Rules rules;

    Groups(Rules rules) {
        this.rules = rules;
    }

    /** The key of {@code event}'s own group: that of its type, where the settings name that, else the general one. */
    String key(JsonNode event) {
        for (JsonNode said : new JsonNode[] {event, event.path("context"), event.path("traits")}) {
            String key = rules.groupKeys().get(Identity.id(said, "groupType"));
            if (key != null) {
                return key;
            }
        }
        return rules.groupKey();
    }

    /** All groups of {@code event}, as properties. */
    ObjectNode of(JsonNode event) {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        String own = Identity.id(event, "groupId");
        String id = own.isEmpty() ? Identity.id(event.path("context"), "groupId") : own;
        String key = key(event);
        if (!id.isEmpty()) {
            add(groups, key, TextNode.valueOf(id));
        }
        // The traits of a group call are the group's: under its own key they can only be another name of the same
        // group.
        addTraits(event, own.isEmpty() ? "" : key, groups);
        return properties(groups);
    }

    /** The groups that are traits of the user, as properties. */
    ObjectNode ofTraits(JsonNode event) {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        addTraits(event, "", groups);
        return properties(groups);
    }

    private void addTraits(JsonNode event, String except, Map<String, Set<String>> groups) {
        rules.groupKeys().forEach((trait, key) -> {
            if (!key.equals(except)) {
                add(groups, key, event.path("traits").path(trait));
                add(groups, key, event.path("context").path("traits").path(trait));
            }
        });
    }

    /** An id, a list of them, or an object with one: {@code company} is such a trait in Segment's specification. */
    private static void add(Map<String, Set<String>> groups, String key, JsonNode value) {
        if (value.isArray()) {
            value.forEach(one -> add(groups, key, one));
            return;
        }
        String id = value.isObject() ? Identity.id(value, "id") : Identity.id(value);
        if (!id.isEmpty()) {
            groups.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(id);
        }
    }

    private static ObjectNode properties(Map<String, Set<String>> groups) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        groups.forEach((key, ids) -> {
            ArrayNode list = properties.putArray(key);
            ids.forEach(list::add);
        });
        return properties;
    }
}
