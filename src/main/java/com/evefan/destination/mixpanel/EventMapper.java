package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.MixpanelSettings.IdentityMerge;
import com.evefan.destination.mixpanel.MixpanelSettings.Rules;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Mixpanel is told about an event. All of it comes from what was fixed at ingestion: a retry says the same. */
final class EventMapper {
    private static final Instant EARLIEST = Instant.parse("1971-01-01T00:00:00Z");
    private static final Duration AHEAD = Duration.ofHours(1);
    private static final Set<String> IOS = Set.of("ios", "ipados", "tvos", "watchos");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(name|category)}");
    private static final String ORDER = "Order Completed";
    private static final String PRODUCT = "Product Purchased";
    /** Product events of an order take so many times the order's bytes at most: what they repeat is the sender's. */
    private static final int MOST_REPEATED = 32;

    private final MixpanelSettings settings;
    private final Rules rules;
    private final Mapping mapping;
    private final UserAgents userAgents;
    private final Clock clock;
    private final Meters meters;
    private final Groups groups;
    private final ProfileMapper profiles;

    EventMapper(MixpanelSettings settings, Mapping mapping, UserAgents userAgents, Clock clock, Meters meters) {
        this.settings = settings;
        this.rules = settings.rules();
        this.mapping = mapping;
        this.userAgents = userAgents;
        this.clock = clock;
        this.meters = meters;
        this.groups = new Groups(rules);
        this.profiles = new ProfileMapper(settings, mapping, userAgents, groups, meters);
    }

    /**
     * What one event asks of one endpoint: one element of a request.
     *
     * @param endpoint where it goes
     * @param body one event or one update
     */
    record Call(Endpoint endpoint, ObjectNode body) {}

    /** Mixpanel's own rules exclude this event, whatever one does; the message is the reason. */
    static final class Unmappable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String error;

        /** @param error the rule in a word, as dead letters are grouped by it */
        Unmappable(String error, String reason) {
            super(reason);
            this.error = error;
        }

        String error() {
            return error;
        }
    }

    /**
     * The calls that tell Mixpanel of {@code event}: none for an alias where identities are merged the simplified way,
     * which has no use for it, and none for an identify that says nothing.
     *
     * @throws Unmappable when Mixpanel would refuse it
     */
    List<Call> calls(Event event, JsonNode json) throws Unmappable {
        if (event.type() == EventType.ALIAS) {
            return rules.identityMerge() == IdentityMerge.SIMPLIFIED ? List.of() : alias(json);
        }
        Identity identity = Identity.of(json, rules.identityMerge());
        List<Call> calls = new ArrayList<>(2);
        switch (event.type()) {
            case IDENTIFY -> {
                profiles.identify(json, identity, calls);
                if (identity.joins()) {
                    calls.add(join(event, json, identity));
                }
            }
            case GROUP -> profiles.group(json, identity, calls);
            default -> event(event, json, identity, calls);
        }
        return calls;
    }

    /** Joins the device and the user at once, and not when the next event comes that has both. */
    private Call join(Event event, JsonNode json, Identity identity) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        if (rules.identityMerge() == IdentityMerge.ORIGINAL) {
            properties.putArray("$distinct_ids").add(identity.userId()).add(identity.anonymousId());
            return identityEvent("$merge", properties);
        }
        mapping.apply("address", json, properties, userAgents);
        properties.put("$device_id", identity.anonymousId()).put("$user_id", identity.userId());
        properties.put("distinct_id", identity.distinctId());
        properties.put("$insert_id", Identity.insertId(event.id()));
        // A profile update has no time that Mixpanel could refuse, so this event must have none either.
        boolean odd = event.timestamp().isBefore(EARLIEST) || event.timestamp().isAfter(event.receivedAt());
        properties.put("time", (odd ? event.receivedAt() : event.timestamp()).toEpochMilli());
        return new Call(Endpoint.IMPORT, body("$identify", properties));
    }

    private List<Call> alias(JsonNode json) throws Unmappable {
        String previousId = Identity.id(json, "previousId");
        String former = previousId.isEmpty() ? Identity.id(json, "anonymousId") : previousId;
        String userId = Identity.id(json, "userId");
        if (former.isEmpty() || userId.isEmpty()) {
            throw new Unmappable("distinct_id", "an alias needs a userId, and a previousId or an anonymousId");
        }
        Identity.check("previousId", former);
        Identity.check("userId", userId);
        if (former.equals(userId)) {
            return List.of();
        }
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        properties.put("distinct_id", former).put("alias", userId);
        return List.of(identityEvent("$create_alias", properties));
    }

    private Call identityEvent(String name, ObjectNode properties) {
        properties.put("token", settings.token());
        return new Call(Endpoint.IMPORT, body(name, properties));
    }

    private static ObjectNode body(String name, ObjectNode properties) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("event", name);
        body.set("properties", properties);
        return body;
    }

    /** The members of all {@code parts}, the last of equal names. */
    private static ObjectNode all(ObjectNode... parts) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (ObjectNode part : parts) {
            all.setAll(part);
        }
        return all;
    }

    private void event(Event event, JsonNode json, Identity identity, List<Call> calls) throws Unmappable {
        String name = name(event.type(), json);
        ObjectNode own = profiles.allowed(json.path("properties"), Set.of());
        ObjectNode mapped = mapped(event, json, identity);
        calls.add(new Call(Endpoint.IMPORT, body(name, all(own, mapped))));
        if (event.type() != EventType.TRACK) {
            return;
        }
        profiles.revenue(event, json, identity, calls);
        if (rules.productEvents() && name.equals(ORDER)) {
            products(event, json.path("properties").path("products"), own, mapped, calls);
        }
    }

    private String name(EventType type, JsonNode json) throws Unmappable {
        String name = switch (type) {
            case PAGE -> named(rules.pageEvent(), "Page Viewed", json);
            case SCREEN -> named(rules.screenEvent(), "Screen Viewed", json);
            default -> json.path("event").asText();
        };
        if (mapping.list("reserved events").contains(name.strip())) {
            throw new Unmappable("event", "an event called " + name + " would join users: only Evefan may send it");
        }
        return name;
    }

    /** {@code pattern} with the names of a page or screen in it; {@code otherwise} where it asks for one that is not said. */
    private static String named(String pattern, String otherwise, JsonNode json) {
        Matcher placeholder = PLACEHOLDER.matcher(pattern);
        StringBuilder name = new StringBuilder();
        while (placeholder.find()) {
            String member = placeholder.group(1);
            String own = Identity.id(json, member);
            String said = own.isEmpty() ? Identity.id(json.path("properties"), member) : own;
            if (said.isEmpty()) {
                return otherwise;
            }
            placeholder.appendReplacement(name, Matcher.quoteReplacement(said));
        }
        return placeholder.appendTail(name).toString();
    }

    /** What is said beside the sender's own properties, and over them. */
    private ObjectNode mapped(Event event, JsonNode json, Identity identity) throws Unmappable {
        ObjectNode properties = groups.of(json);
        mapping.apply("address", json, properties, userAgents);
        mapping.apply("event", json, properties, userAgents);
        if (rules.identityMerge() == IdentityMerge.SIMPLIFIED) {
            mapping.apply("event simplified", json, properties, userAgents);
        }
        String platform = platform(json.path("context"));
        if (!platform.isEmpty()) {
            mapping.apply("event " + platform, json, properties, userAgents);
        }
        if (event.type() != EventType.TRACK) {
            mapping.apply(event.type().wireName(), json, properties, userAgents);
        }
        properties.put("$insert_id", Identity.insertId(event.id()));
        properties.put("distinct_id", identity.distinctId());
        properties.put("time", time(event.timestamp()));
        return properties;
    }

    /** An event for each product of an order: what is said of the product, and of the order what is not its sum. */
    private void products(Event event, JsonNode products, ObjectNode own, ObjectNode mapped, List<Call> calls) {
        if (!products.isArray() || products.isEmpty()) {
            return;
        }
        ObjectNode common = all(own).remove(mapping.list("order"));
        long bytes = (long) products.size() * (Json.write(common).length + Json.write(mapped).length)
                + Json.write(products).length;
        if (bytes > Math.min(settings.limits().importBytes(), (long) MOST_REPEATED * event.json().length)) {
            meters.orderLeftWhole();
            return;
        }
        for (int index = 0; index < products.size(); index++) {
            if (products.get(index).isObject()) {
                ObjectNode properties = all(common, profiles.allowed(products.get(index), Set.of()), mapped);
                properties.put("$insert_id", Identity.insertId(event.id(), index));
                calls.add(new Call(Endpoint.IMPORT, body(PRODUCT, properties)));
            }
        }
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
