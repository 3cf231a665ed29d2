package com.evefan.event;

import com.evefan.event.Mending.Mended;
import com.evefan.event.Warning.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of what a request holds: check, correct the time, write the accepted form, and leave out of it what must
 * not be kept.
 */
final class EventAssembler {
    private final byte[] json;
    private final Supplier<String> messageIds;
    private final Instant receivedAt;
    private final Arrival arrival;
    private final Map<String, Value> shared;
    private final EventRules rules;
    private final AcceptedForm form;
    private final InvalidForm invalidForm;
    private final long maxClockError;
    private final List<Invalid> invalid = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();
    private int dropped;

    EventAssembler(
            byte[] json,
            EventLimits limits,
            Supplier<String> messageIds,
            Instant receivedAt,
            Arrival arrival,
            Map<String, Value> shared) {
        this.json = json;
        this.messageIds = messageIds;
        this.receivedAt = receivedAt;
        this.arrival = arrival;
        this.shared = shared;
        this.rules = new EventRules(json, limits, size(shared.get("context")) + size(shared.get("integrations")));
        this.form = new AcceptedForm(json, Timestamps.format(receivedAt), arrival, shared);
        this.maxClockError = limits.maxClockErrorMillis();
        this.invalidForm = new InvalidForm(json, limits.maxEventBytes());
    }

    /**
     * The event, or null, and then its reason is among {@link #invalid}, or it is one of the {@link #dropped}; {@code
     * mended} is what it stands in.
     */
    @Nullable
    Event assemble(int index, SentEvent sent, Mended mended) {
        String fault = mended.faults().isEmpty() ? null : mended.faults().get(index);
        EventType type = rules.type(sent.value(), arrival.ofPath());
        String problem = fault != null ? fault : rules.problem(sent, type);
        Map<String, Value> members = sent.value().members();
        String messageId = sentMessageId(members);
        if (problem != null || type == null) {
            return refuse(index, messageId, problem == null ? "type is required" : problem, sent);
        }
        boolean enriched = arrival.enrichment() != Enrichment.NONE;
        if (enriched && arrival.enrichment().drops(form.userAgent(members))) {
            dropped++;
            return null;
        }
        String id = messageId == null ? messageIds.get() : messageId;
        EventTimes times = EventTimes.of(json, members, shared, receivedAt, maxClockError);
        byte[] written = write(type, id, times, members, null);
        String violation = arrival.plan().violation(type, written);
        if (violation != null && arrival.plan().mode() == Plan.Mode.REJECT) {
            return refuse(index, messageId, violation, sent);
        }
        if (violation != null && arrival.plan().mode() == Plan.Mode.FLAG) {
            written = write(type, id, times, members, violation);
        }
        warn(index, id, times.warning());
        warn(
                index,
                id,
                Warning.Kind.REPAIRED,
                mended.repairs().isEmpty() ? null : mended.repairs().get(index));
        warn(index, id, Warning.Kind.PLAN, violation);
        return event(type, id, times, members, written);
    }

    private void warn(int index, String messageId, @Nullable Cause cause) {
        if (cause != null) {
            warnings.add(new Warning(index, messageId, cause));
        }
    }

    private void warn(int index, String messageId, Warning.Kind kind, @Nullable String text) {
        warn(index, messageId, text == null ? null : new Cause(kind, text));
    }

    private byte[] write(
            EventType type,
            String messageId,
            EventTimes times,
            Map<String, Value> members,
            @Nullable String violation) {
        String id = arrival.ids().of(arrival.source(), messageId);
        return form.write(type, messageId, id, times, members, violation).toByteArray();
    }

    private @Nullable Event refuse(int index, @Nullable String messageId, String error, SentEvent sent) {
        byte[] kept = arrival.redaction().apply(invalidForm.write(sent.value()));
        invalid.add(new Invalid(index, messageId, error, kept));
        return null;
    }

    int dropped() {
        return dropped;
    }

    List<Invalid> invalid() {
        return invalid;
    }

    List<Warning> warnings() {
        return warnings;
    }

    private Event event(
            EventType type, String messageId, EventTimes times, Map<String, Value> members, byte[] written) {
        String id = arrival.ids().of(arrival.source(), messageId);
        byte[] accepted = arrival.redaction().apply(written);
        Integrations integrations =
                IntegrationsReader.of(membersOf(members.get("integrations")), membersOf(shared.get("integrations")));
        return new Event(type, messageId, id, arrival.source(), times.timestamp(), receivedAt, integrations, accepted);
    }

    private static int size(@Nullable Value value) {
        return value == null ? 0 : value.length();
    }

    private static Map<String, Value> membersOf(@Nullable Value object) {
        return object == null ? Map.of() : object.members();
    }

    private @Nullable String sentMessageId(Map<String, Value> members) {
        Value id = members.get("messageId");
        return id == null || id.isBlank() || !id.isString() && !id.isNumber() ? null : id.text(json);
    }
}
