package com.evefan.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event's {@code context}: its own members, its batch's where it has none of their name, then what is known of
 * the sender where neither says it. One instance serves one request.
 */
final class SentContext {
    private static final int SHORT = 64;
    private static final String VIOLATIONS = "violations";

    private final byte[] json;
    private final Map<String, Value> shared;
    private final Enrichment enrichment;
    private final @Nullable String senderIp;
    private final byte @Nullable [] senderIpKept;
    private final @Nullable String senderAgent;
    private final SenderKind sender;

    SentContext(byte[] json, Arrival arrival, Map<String, Value> shared) {
        this.json = json;
        this.shared = shared;
        this.enrichment = arrival.enrichment();
        this.senderIp = arrival.ip();
        String kept = senderIp == null ? null : enrichment.keptIp(senderIp);
        this.senderIpKept =
                kept == null ? null : new JsonBuffer(SHORT).string(kept).toByteArray();
        this.senderAgent = arrival.userAgent();
        this.sender = arrival.sender();
    }

    /** The user agent of an event with this context; null where it is not known. */
    @Nullable
    String userAgent(@Nullable Value context) {
        return text(find(context == null ? Map.of() : context.members(), "userAgent"), senderAgent);
    }

    /**
     * @param channel of the event, which some libraries say beside its context
     * @param violation of its plan, for it to say; null for none
     */
    void write(@Nullable Value context, @Nullable Value channel, @Nullable String violation, JsonBuffer out) {
        Map<String, Value> own = context == null ? Map.of() : context.members();
        boolean plain = enrichment == Enrichment.NONE && senderAgent == null && violation == null;
        boolean usersAddress = senderIp != null && find(own, "ip") == null && isUsers(own, channel);
        if (plain && shared.isEmpty() && (senderIpKept == null || !usersAddress)) {
            if (context != null) {
                out.ascii(",\"context\":").raw(json, context.start(), context.end());
            }
            return;
        }
        out.ascii(",\"context\":");
        int start = out.length();
        own.forEach((name, member) -> {
            if (violation == null || !name.equals(VIOLATIONS)) {
                member(name, member, out);
            }
        });
        for (Map.Entry<String, Value> member : shared.entrySet()) {
            if (!own.containsKey(member.getKey())
                    && (violation == null || !member.getKey().equals(VIOLATIONS))) {
                member(member.getKey(), member.getValue(), out);
            }
        }
        if (violation != null) {
            out.ascii(",\"").ascii(VIOLATIONS).ascii("\":[").string(violation).character(']');
        }
        sender(own, usersAddress, out);
        if (out.length() == start) {
            out.character('{');
        }
        out.set(start, '{');
        out.character('}');
    }

    private void member(String name, Value value, JsonBuffer out) {
        if (name.equals("ip") && value.isString() && enrichment != Enrichment.NONE) {
            String sent = value.text(json);
            String kept = enrichment.keptIp(sent);
            if (kept == null) {
                return;
            }
            if (!kept.equals(sent)) {
                out.ascii(",\"ip\":").string(kept);
                return;
            }
        }
        out.character(',').raw(json, value.nameStart(), value.end());
    }

    /** Whether the address that the event came from is its user's. */
    private boolean isUsers(Map<String, Value> own, @Nullable Value channel) {
        if (sender != SenderKind.UNKNOWN) {
            return sender.hasUsersAddress(null, null);
        }
        Value said = channel != null ? channel : find(own, "channel");
        Value library = find(own, "library");
        return sender.hasUsersAddress(said == null ? null : said.text(json), library == null ? null : name(library));
    }

    private @Nullable String name(Value object) {
        try {
            JsonScanner scanner = new JsonScanner(json, object.start(), object.end());
            boolean named = scanner.isObject();
            while (named && scanner.nextMember()) {
                if (scanner.name().equals("name")) {
                    return scanner.text();
                }
                scanner.skip();
            }
            return null;
        } catch (NotJsonException e) {
            throw new IllegalStateException("the request was read once", e);
        }
    }

    private void sender(Map<String, Value> own, boolean usersAddress, JsonBuffer out) {
        Value ip = find(own, "ip");
        if (usersAddress && senderIpKept != null) {
            out.ascii(",\"ip\":").raw(senderIpKept);
        }
        Value agent = find(own, "userAgent");
        if (agent == null && senderAgent != null) {
            out.ascii(",\"userAgent\":").string(senderAgent);
        }
        if (enrichment == Enrichment.NONE) {
            return;
        }
        Map<String, byte[]> additions =
                enrichment.additions(text(ip, usersAddress ? senderIp : null), text(agent, senderAgent));
        additions.forEach((name, value) -> {
            if (find(own, name) == null) {
                out.ascii(",\"").ascii(name).ascii("\":").raw(value);
            }
        });
    }

    private @Nullable Value find(Map<String, Value> own, String name) {
        Value value = own.get(name);
        return value != null ? value : shared.get(name);
    }

    private @Nullable String text(@Nullable Value sent, @Nullable String otherwise) {
        return sent == null ? otherwise : sent.isString() ? sent.text(json) : null;
    }
}
