package com.evefan.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event's {@code context}: its own members, its batch's where it has none of their name, then what is known of
 * the sender where neither says it. One instance serves one request.
 */
final class SentContext {
    private static final int SHORT = 64;

    private final byte[] json;
    private final Map<String, Value> shared;
    private final Enrichment enrichment;
    private final @Nullable String senderIp;
    private final byte @Nullable [] senderIpKept;
    private final @Nullable String senderAgent;

    SentContext(byte[] json, Arrival arrival, Map<String, Value> shared) {
        this.json = json;
        this.shared = shared;
        this.enrichment = arrival.enrichment();
        this.senderIp = arrival.ip();
        String kept = senderIp == null ? null : enrichment.keptIp(senderIp);
        this.senderIpKept =
                kept == null ? null : new JsonBuffer(SHORT).string(kept).toByteArray();
        this.senderAgent = arrival.userAgent();
    }

    void write(@Nullable Value context, JsonBuffer out) {
        Map<String, Value> own = context == null ? Map.of() : context.members();
        boolean plain = enrichment == Enrichment.NONE && senderAgent == null;
        if (plain && shared.isEmpty() && (senderIpKept == null || own.containsKey("ip"))) {
            if (context != null) {
                out.ascii(",\"context\":").raw(json, context.start(), context.end());
            }
            return;
        }
        out.ascii(",\"context\":");
        int start = out.length();
        own.forEach((name, member) -> member(name, member, out));
        for (Map.Entry<String, Value> member : shared.entrySet()) {
            if (!own.containsKey(member.getKey())) {
                member(member.getKey(), member.getValue(), out);
            }
        }
        sender(own, out);
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

    private void sender(Map<String, Value> own, JsonBuffer out) {
        Value ip = find(own, "ip");
        if (ip == null && senderIpKept != null) {
            out.ascii(",\"ip\":").raw(senderIpKept);
        }
        Value agent = find(own, "userAgent");
        if (agent == null && senderAgent != null) {
            out.ascii(",\"userAgent\":").string(senderAgent);
        }
        if (enrichment == Enrichment.NONE) {
            return;
        }
        Map<String, byte[]> additions = enrichment.additions(text(ip, senderIp), text(agent, senderAgent));
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
