package com.evefan.warehouse;

import java.util.Map;

/**
 * What no column took: {@code {"context": {...}}} with the rest of the context and, among it as existing queries expect,
 * the event's properties. A property whose name the context has too stands under {@code properties} beside
 * {@code context}, a trait whose flattened name was taken under {@code traits}, and any further member of the event
 * under its own name. Nothing is lost, and nothing overwrites anything.
 */
final class ExtraFields {
    private static final String CONTEXT = "context";

    private ExtraFields() {}

    static String of(EventMembers event) {
        Members context = event.context();
        gatherParts(event, context);
        Members properties = event.properties();
        JsonText json = new JsonText();
        json.start();
        json.start(CONTEXT);
        context.forEach(json::member);
        Members displaced = new Members();
        properties.forEach((name, value) -> {
            if (context.has(name)) {
                displaced.put(name, value);
            } else {
                json.member(name, value);
            }
        });
        json.end();
        object(json, "properties", displaced);
        object(json, "traits", event.traits().displaced());
        event.own().remove(CONTEXT);
        event.own().forEach(json::member);
        json.end();
        return json.toString();
    }

    /** {@code campaign} is always there, as it was in the original. */
    private static void gatherParts(EventMembers event, Members context) {
        Members campaign = event.context("campaign");
        if (!context.has("campaign")) {
            context.put("campaign", campaign.toValue());
        }
        for (Map.Entry<String, Members> part : event.contextParts().entrySet()) {
            if (!part.getValue().isEmpty()) {
                context.put(part.getKey(), part.getValue().toValue());
            }
        }
    }

    private static void object(JsonText json, String name, Members members) {
        if (!members.isEmpty()) {
            json.member(name, members.toValue());
        }
    }
}
