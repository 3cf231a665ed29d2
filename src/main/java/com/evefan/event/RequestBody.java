package com.evefan.event;

import com.evefan.event.BodyParser.Body;
import com.evefan.event.Mending.Mended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request body of which the events can be told apart: says who sends, then, once that is settled, what. */
public final class RequestBody {
    private final byte[] json;
    private final Body body;
    private final Mended mended;
    private final Instant receivedAt;
    private final EventLimits limits;
    private final Supplier<String> messageIds;

    /** @param json what {@code mended} says, on one line */
    RequestBody(
            byte[] json,
            Body body,
            Mended mended,
            Instant receivedAt,
            EventLimits limits,
            Supplier<String> messageIds) {
        this.json = json;
        this.body = body;
        this.mended = mended;
        this.receivedAt = receivedAt;
        this.limits = limits;
        this.messageIds = messageIds;
    }

    /** The write key of the body, or else of the first event that has one. */
    public Optional<String> writeKey() {
        String key = writeKey(body.top());
        for (SentEvent event : events()) {
            if (key != null) {
                break;
            }
            key = writeKey(event);
        }
        return Optional.ofNullable(key);
    }

    /** What is no JSON in it, of the first event that has such a fault: a write key may stand there. */
    public Optional<String> fault() {
        return mended.faults().entrySet().stream()
                .min(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }

    /** The number of events, valid or not. */
    public int size() {
        return events().size();
    }

    /** Whether the events came in a list. */
    public boolean isBatch() {
        return body.batch() != null;
    }

    /** As {@link #read(Arrival)}, for events that are kept as they are sent. */
    public ReadResult read(String source, Optional<EventType> ofPath, Optional<String> senderIp)
            throws RequestTooLargeException {
        return read(Arrival.plain(source, ofPath, senderIp));
    }

    /**
     * Checks every event and makes the good ones ready to be kept.
     *
     * @throws RequestTooLargeException when the accepted events together are over the limit
     */
    public ReadResult read(Arrival arrival) throws RequestTooLargeException {
        Map<String, Value> shared = isBatch() ? body.top().value().members() : Map.of();
        EventAssembler assembler = new EventAssembler(json, limits, messageIds, receivedAt, arrival, shared);
        List<Event> accepted = new ArrayList<>(size());
        long bytes = 0;
        int index = 0;
        for (SentEvent sent : events()) {
            Event event = assembler.assemble(index, sent, mended);
            index++;
            if (event != null) {
                accepted.add(event);
                bytes += event.json().length;
                requireWithinLimit(bytes);
            }
        }
        return new ReadResult(
                EventBatch.of(accepted), assembler.invalid(), assembler.warnings(), assembler.dropped(), size());
    }

    private void requireWithinLimit(long bytes) throws RequestTooLargeException {
        if (bytes > limits.maxAcceptedBytes()) {
            throw new RequestTooLargeException("the events, each with the batch's context, are over the limit of "
                    + limits.maxAcceptedBytes() + " bytes; send fewer at once");
        }
    }

    private List<SentEvent> events() {
        List<SentEvent> batch = body.batch();
        return batch != null ? batch : List.of(body.top());
    }

    private @Nullable String writeKey(SentEvent event) {
        Value key = event.value().members().get("writeKey");
        return key != null && key.isString() && !key.isBlank() ? key.text(json) : null;
    }
}
