package com.evefan.destination.mixpanel;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What Mixpanel is told about an event. All of it comes from what was fixed at ingestion: a retry says the same. */
final class EventMapper {
    private static final Instant EARLIEST = Instant.parse("1971-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final Set<String> IOS = Set.of("ios", "ipados", "tvos", "watchos");

    private final MixpanelSettings settings;
    private final Mapping mapping;
    private final UserAgents userAgents;
    private final Clock clock;
    private final ProfileMapper profiles;

    EventMapper(MixpanelSettings settings, Mapping mapping, UserAgents userAgents, Clock clock) {
        this.settings = settings;
        this.mapping = mapping;
        this.userAgents = userAgents;
        this.clock = clock;
        this.profiles = new ProfileMapper(settings, mapping, userAgents);
    }

    /**
     * The calls that tell Mixpanel of {@code event}: none for an alias where identities are merged the simplified way,
     * which has no use for it.
     *
     * @throws Unmappable when Mixpanel would refuse it
     */
    List<Call> calls(Event event, JsonNode json) throws Unmappable {
        if (event.type() == EventType.ALIAS && settings.identityMerge() == IdentityMerge.SIMPLIFIED) {
            return List.of();
        }
        if (event.type() == EventType.ALIAS) {
            return List.of(alias(json));
        }
        Identity identity = Identity.of(json, settings.identityMerge());
        List<Call> calls = new ArrayList<>(2);
        switch (event.type()) {
            case IDENTIFY -> identify(json, identity, calls);
            case GROUP -> profiles.group(json, identity, calls);
            default -> calls.add(new Call(Endpoint.IMPORT, event(event, json, identity)));
        }
        return calls;
    }

    private void identify(JsonNode json, Identity identity, List<Call> calls) {
        calls.add(profiles.identify(json, identity));
        boolean both = !identity.userId().isEmpty() && !identity.anonymousId().isEmpty();
        if (settings.identityMerge() == IdentityMerge.ORIGINAL && both) {
            ObjectNode properties = JsonNodeFactory.instance.objectNode();
            properties.putArray("$distinct_ids").add(identity.userId()).add(identity.anonymousId());
            calls.add(identityEvent("$merge", properties));
        }
    }

    private Call alias(JsonNode json) throws Unmappable {
        String previousId = Identity.id(json, "previousId");
        String former = previousId.isEmpty() ? Identity.id(json, "anonymousId") : previousId;
        String userId = Identity.id(json, "userId");
        if (former.isEmpty() || userId.isEmpty()) {
            throw new Unmappable("distinct_id", "an alias needs a userId, and a previousId or an anonymousId");
        }
        Identity.check("previousId", former);
        Identity.check("userId", userId);
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        properties.put("distinct_id", former).put("alias", userId);
        return identityEvent("$create_alias", properties);
    }

    private Call identityEvent(String name, ObjectNode properties) {
        properties.put("token", settings.token());
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("event", name);
        body.set("properties", properties);
        return new Call(Endpoint.IMPORT, body);
    }

    private ObjectNode event(Event event, JsonNode json, Identity identity) throws Unmappable {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        if (json.get("properties") instanceof ObjectNode own) {
            properties.setAll(own);
        }
        // Mixpanel reads a token in the properties as the project's.
        properties.remove("token");
        mapping.apply("event", json, properties, userAgents);
        if (settings.identityMerge() == IdentityMerge.SIMPLIFIED) {
            mapping.apply("event simplified", json, properties, userAgents);
        }
        String platform = platform(json.path("context"));
        if (!platform.isEmpty()) {
            mapping.apply("event " + platform, json, properties, userAgents);
        }
        if (event.type() != EventType.TRACK) {
            mapping.apply(event.type().wireName(), json, properties, userAgents);
        }
        properties.put("$insert_id", InsertId.of(event.id()));
        properties.put("distinct_id", identity.distinctId());
        properties.put("time", time(event.timestamp()));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("event", event.type() == EventType.TRACK ? json.path("event").asText() : "$mp_web_page_view");
        body.set("properties", properties);
        return body;
    }

    private long time(Instant timestamp) throws Unmappable {
        if (timestamp.isBefore(EARLIEST)) {
            throw new Unmappable("time", "timestamp " + timestamp + " is before 1971: Mixpanel refuses it");
        }
        if (timestamp.isAfter(clock.instant().plus(AHEAD))) {
            throw new Unmappable("time", "timestamp " + timestamp + " is over an hour ahead: Mixpanel refuses it");
        }
        return timestamp.toEpochMilli();
    }

    private static String platform(JsonNode context) {
        String type = context.path("device").path("type").asText("");
        String name = (type.isEmpty() ? context.path("os").path("name").asText("") : type).toLowerCase(Locale.ROOT);
        if (IOS.contains(name)) {
            return "ios";
        }
        return "android".equals(name) ? "android" : "";
    }
}
