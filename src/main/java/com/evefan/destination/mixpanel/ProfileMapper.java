package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.EventMapper.Call;
import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelSettings.Revenue;
import com.evefan.event.Event;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Updates of profiles: what an event says about a user or a group. None where it says nothing. */
final class ProfileMapper {
    private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");
    private static final int MOST_DIGITS = 15;

    private final MixpanelSettings settings;
    private final Mapping mapping;
    private final UserAgents userAgents;
    private final Groups groups;
    private final Meters meters;

    ProfileMapper(MixpanelSettings settings, Mapping mapping, UserAgents userAgents, Groups groups, Meters meters) {
        this.settings = settings;
        this.mapping = mapping;
        this.userAgents = userAgents;
        this.groups = groups;
        this.meters = meters;
    }

    /**
     * The user's profile: the fields of the table, every trait that the table did not use, under its own name, and the
     * user's groups.
     */
    void identify(JsonNode json, Identity identity, List<Call> calls) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        // What names a group goes into a list of its own.
        Set<String> used = new HashSet<>(settings.rules().groupKeys().keySet());
        if (settings.rules().revenue() != Revenue.OFF) {
            used.add(settings.rules().revenue().property());
        }
        mapping.apply("profile", json, fields, userAgents, used);
        ObjectNode set = allowed(json.path("context").path("traits"), used);
        set.setAll(allowed(json.path("traits"), used));
        set.setAll(fields);
        JsonNode active = json.path("context").path("active");
        boolean passive = active.isBoolean() && !active.booleanValue();
        update("$set", set, json, identity, passive, calls);
        update("$union", groups.ofTraits(json), json, identity, passive, calls);
    }

    private void update(
            String operation, ObjectNode values, JsonNode json, Identity identity, boolean passive, List<Call> calls) {
        if (!values.isEmpty()) {
            ObjectNode update = user(json, identity).put("$ignore_time", passive);
            update.set(operation, values);
            calls.add(new Call(Endpoint.ENGAGE, update));
        }
    }

    /** The group on the user, in a list that grows, as a user may be in several; and the group's own profile. */
    void group(JsonNode json, Identity identity, List<Call> calls) throws Unmappable {
        String groupId = Identity.id(json, "groupId");
        if (groupId.isEmpty()) {
            throw new Unmappable("groupId", "no groupId: Mixpanel needs one");
        }
        ObjectNode user = user(json, identity);
        user.set("$union", groups.of(json));
        calls.add(new Call(Endpoint.ENGAGE, user));
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        Set<String> used = new HashSet<>();
        mapping.apply("group", json, fields, userAgents, used);
        ObjectNode set = allowed(json.path("traits"), used);
        set.setAll(fields);
        if (!set.isEmpty()) {
            ObjectNode group = JsonNodeFactory.instance.objectNode();
            group.put("$token", settings.token());
            group.put("$group_key", groups.key(json));
            group.put("$group_id", groupId);
            address(json, group);
            group.set("$set", set);
            calls.add(new Call(Endpoint.GROUPS, group));
        }
    }

    /** What the user has paid with this event; of a user that is known, as Mixpanel wants no profiles of others. */
    void revenue(Event event, JsonNode json, Identity identity, List<Call> calls) {
        if (settings.rules().revenue() == Revenue.OFF || identity.userId().isEmpty()) {
            return;
        }
        BigDecimal amount = amount(json.path("properties").path("revenue"));
        if (amount == null) {
            return;
        }
        ObjectNode update = user(json, identity);
        if (settings.rules().revenue() == Revenue.SUM) {
            update.putObject("$add").put(Revenue.SUM.property(), amount);
        } else {
            String time =
                    event.timestamp().truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", "");
            update.putObject("$append")
                    .putObject(Revenue.TRANSACTIONS.property())
                    .put("$time", time)
                    .put("$amount", amount);
        }
        calls.add(new Call(Endpoint.REVENUE, update));
    }

    private static @Nullable BigDecimal amount(JsonNode value) {
        String text = value.asText("");
        if (!value.isNumber() && !AMOUNT.matcher(text).matches()) {
            return null;
        }
        BigDecimal amount = value.isNumber() ? value.decimalValue() : new BigDecimal(text);
        // Bounded before it is written: 1e2000000000 is twelve characters, and two billion without an exponent.
        boolean bounded = amount.scale() <= MOST_DIGITS && (long) amount.precision() - amount.scale() <= MOST_DIGITS;
        return bounded && amount.signum() != 0 ? new BigDecimal(amount.toPlainString()) : null;
    }

    /** What of a sender's own members it may set: all but {@code used} and Mixpanel's reserved names. */
    ObjectNode allowed(JsonNode members, Set<String> used) {
        ObjectNode allowed = JsonNodeFactory.instance.objectNode();
        members.properties().forEach(member -> {
            String reserved = mapping.reserved(member.getKey());
            if (reserved != null) {
                meters.reserved(reserved);
            } else if (!used.contains(member.getKey())) {
                allowed.set(member.getKey(), member.getValue());
            }
        });
        return allowed;
    }

    private ObjectNode user(JsonNode json, Identity identity) {
        ObjectNode update = JsonNodeFactory.instance.objectNode();
        update.put("$token", settings.token());
        update.put("$distinct_id", identity.distinctId());
        address(json, update);
        return update;
    }

    /** The same address that an event has, which is called otherwise here. */
    private void address(JsonNode json, ObjectNode update) {
        ObjectNode address = JsonNodeFactory.instance.objectNode();
        mapping.apply("address", json, address, userAgents);
        update.set("$ip", address.get("ip"));
    }
}
