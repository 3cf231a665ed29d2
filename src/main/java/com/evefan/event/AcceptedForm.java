package com.evefan.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the accepted form: what {@link EventDecoder} needs first, then who, then everything else as the sender wrote
 * it, byte for byte. One instance serves one request.
 */
final class AcceptedForm {
    /** About the size of what we add to an event, in bytes. */
    private static final int OWN_MEMBERS = 256;

    /** Larger events make the buffer grow. */
    private static final int LARGE = 8192;

    private final byte[] json;
    private final JsonBuffer out;
    private final byte[] source;
    private final byte[] receivedAt;
    private final SentContext context;
    private final Map<String, Value> sharedIntegrations;

    AcceptedForm(byte[] json, String receivedAt, Arrival arrival, Map<String, Value> batch) {
        this.json = json;
        this.out = new JsonBuffer(Math.min(json.length + OWN_MEMBERS, LARGE));
        this.source = new JsonBuffer(OWN_MEMBERS).string(arrival.source()).toByteArray();
        this.receivedAt = receivedAt.getBytes(US_ASCII);
        this.context = new SentContext(json, arrival, members(batch.get("context")));
        this.sharedIntegrations = members(batch.get("integrations"));
    }

    private static Map<String, Value> members(@Nullable Value object) {
        return object == null ? Map.of() : object.members();
    }

    /** The user agent of the event with {@code members}; null where it is not known. */
    @Nullable
    String userAgent(Map<String, Value> members) {
        return context.userAgent(members.get("context"));
    }

    /**
     * The event with {@code members}; valid until the next call only through {@link JsonBuffer#toByteArray}.
     *
     * @param violation of its plan, for it to say; null for none
     */
    JsonBuffer write(
            EventType type,
            String messageId,
            String id,
            EventTimes times,
            Map<String, Value> members,
            @Nullable String violation) {
        out.clear();
        out.ascii("{\"type\":\"").ascii(type.wireName()).ascii("\",\"messageId\":");
        messageId(members.get("messageId"), messageId);
        if (!id.equals(messageId)) {
            out.ascii(",\"").ascii(EventIds.MEMBER).ascii("\":").string(id);
        }
        out.ascii(",\"source\":").raw(source);
        out.ascii(",\"timestamp\":\"").ascii(Timestamps.format(times.timestamp()));
        out.ascii("\",\"receivedAt\":\"").raw(receivedAt).character('"');
        asSent("originalTimestamp", times.original());
        asSent("sentAt", times.sentAt());
        integrations(members.get("integrations"));
        id("userId", members.get("userId"));
        id("anonymousId", members.get("anonymousId"));
        rest(members);
        context.write(members.get("context"), members.get("channel"), violation, out);
        return out.character('}');
    }

    private void messageId(@Nullable Value sent, String messageId) {
        if (sent != null && sent.isString() && !sent.isBlank()) {
            out.raw(json, sent.start(), sent.end());
        } else {
            out.string(messageId);
        }
    }

    private void asSent(String name, @Nullable Value value) {
        if (value != null) {
            out.ascii(",\"").ascii(name).ascii("\":").raw(json, value.start(), value.end());
        }
    }

    /** Numbers as text: that is what ids are to every destination. */
    private void id(String name, @Nullable Value id) {
        if (id != null && id.isNumber()) {
            out.ascii(",\"")
                    .ascii(name)
                    .ascii("\":\"")
                    .raw(json, id.start(), id.end())
                    .character('"');
        } else {
            asSent(name, id);
        }
    }

    private void rest(Map<String, Value> members) {
        for (Map.Entry<String, Value> member : members.entrySet()) {
            switch (member.getKey()) {
                case "type", "messageId", "source", "timestamp", "receivedAt", "originalTimestamp", "sentAt" -> {}
                case "integrations", "userId", "anonymousId", "context" -> {} // written by name, like those above
                case "writeKey" -> {} // is a secret
                case "groupId", "previousId" -> id(member.getKey(), member.getValue());
                default -> {
                    if (!member.getKey().startsWith(EventIds.OWN_MEMBERS)) {
                        named(member.getValue());
                    }
                }
            }
        }
    }

    /** A member with its name, as sent. */
    private void named(Value member) {
        out.character(',').raw(json, member.nameStart(), member.end());
    }

    private void integrations(@Nullable Value own) {
        Map<String, Value> named = members(own);
        if (named.isEmpty() && sharedIntegrations.isEmpty()) {
            return;
        }
        out.ascii(",\"integrations\":");
        int start = out.length();
        named.values().forEach(this::named);
        for (Map.Entry<String, Value> member : sharedIntegrations.entrySet()) {
            if (!named.containsKey(member.getKey())) {
                named(member.getValue());
            }
        }
        out.set(start, '{');
        out.character('}');
    }
}
