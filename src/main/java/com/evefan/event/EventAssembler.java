package com.evefan.event;

import java.time.Instant;
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
        this.invalidForm = new InvalidForm(json, limits.maxEventBytes());
    }

    /** The event, or null, and then its reason is added to {@code invalid}. */
    @Nullable
    Event assemble(int index, SentEvent sent, List<Invalid> invalid) {
        EventType type = rules.type(sent.value(), arrival.ofPath());
        String problem = rules.problem(sent, type);
        if (problem == null && type != null) {
            Map<String, Value> members = sent.value().members();
            String messageId = sentMessageId(members);
            EventTimes times = EventTimes.of(json, members, shared, receivedAt);
            return event(type, messageId == null ? messageIds.get() : messageId, times, members);
        }
        String error = problem == null ? "type is required" : problem;
        byte[] kept = arrival.redaction().apply(invalidForm.write(sent.value()));
        invalid.add(new Invalid(index, sentMessageId(sent.value().members()), error, kept));
        return null;
    }

    private Event event(EventType type, String messageId, EventTimes times, Map<String, Value> members) {
        String id = arrival.ids().of(arrival.source(), messageId);
        byte[] accepted = arrival.redaction()
                .apply(form.write(type, messageId, id, times, members).toByteArray());
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
