package com.evefan.deadletter;

import com.evefan.counters.Counters;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Attempt;
import com.evefan.delivery.Delivery;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.journal.Place.Tally;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/** Wraps events for their dead-letter queue; bound as {@code deadLetters}. */
public final class DeadLetters {
    /** Before the destination's name, the name of its dead-letter queue. */
    public static final String QUEUE = "evefan.dead.";

    /** In place of a destination's name: what was not accepted. */
    public static final String INGEST = "ingest";

    private final Clock clock;
    private final Counters counters;
    private final Map<String, Unsaved> unsaved = new ConcurrentHashMap<>();
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    public DeadLetters(Clock clock, Counters counters) {
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Letters that a killed process has kept before it could save how far their destination was.
     *
     * @param ids the JMS ids of the letters, by the {@link #acceptance} of their events
     * @param isThere whether the letter with a JMS id is in its queue now
     */
    record Unsaved(Map<String, String> ids, Predicate<String> isThere) {
        static final Unsaved NONE = new Unsaved(Map.of(), id -> false);

        Unsaved {
            ids = Map.copyOf(ids);
        }
    }

    /** What names one acceptance of an event: a sender may send an id once more, and that is another event. */
    static String acceptance(Event event) {
        return event.id() + ' ' + event.receivedAt();
    }

    /** The events of {@code letters} come to {@code destination} once more: whose letter is still there gets no other. */
    void unsaved(String destination, Unsaved letters) {
        unsaved.put(destination, letters);
    }

    /** Letters are taken out of the queue of {@code destination}: none counts as kept any more. */
    void taken(String destination) {
        unsaved.remove(destination);
    }

    private boolean isKept(String destination, Event event) {
        Unsaved letters = unsaved.getOrDefault(destination, Unsaved.NONE);
        String id = letters.ids().get(acceptance(event));
        // Not by what was there at the start: somebody may have taken it out with the broker's own means.
        if (id == null || !letters.isThere().test(id)) {
            return false;
        }
        if (met.add(destination + " " + id)) {
            counters.of(destination).ended(new Tally(0, -1, 0, 0)); // at the start it was counted as one of nobody
        }
        return true;
    }

    /** One message for each event that the attempt found rejected, and that has none yet. */
    public List<Message> envelopes(
            @Body Attempt attempt,
            @ExchangeProperty(Destinations.PROPERTY) String destination,
            @ExchangeProperty(Delivery.PROPERTY) Delivery delivery,
            Exchange exchange) {
        return envelopes(
                attempt.rejected(),
                destination,
                delivery.attempts(),
                delivery.firstFailure(),
                delivery.lastFailure(),
                exchange.getContext());
    }

    List<Message> envelopes(
            List<Rejected> all,
            String destination,
            int attempts,
            @Nullable Instant firstFailure,
            @Nullable Instant lastFailure,
            CamelContext context) {
        Instant now = clock.instant();
        List<Message> messages = new ArrayList<>(all.size());
        for (Rejected rejected : all) {
            if (isKept(destination, rejected.event())) {
                continue;
            }
            Envelope envelope = new Envelope(
                    destination,
                    rejected.reason(),
                    rejected.error(),
                    attempts,
                    otherwise(firstFailure, now),
                    otherwise(lastFailure, now),
                    rejected.event().json());
            messages.add(message(envelope, rejected.event(), context));
        }
        return messages;
    }

    private static Message message(Envelope envelope, Event event, CamelContext context) {
        String json = envelope.toJson();
        Message message = new DefaultMessage(context);
        message.setBody(json);
        message.setHeaders(properties(event, DeadLetter.of(json)));
        return message;
    }

    /** The JMS properties of a dead letter. */
    static Map<String, Object> properties(Event event, DeadLetter letter) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(DeadLetterHeaders.DESTINATION, letter.destination());
        properties.put(DeadLetterHeaders.REASON, SafeText.of(letter.reason(), letter.error()));
        properties.put(DeadLetterHeaders.ERROR, letter.error());
        properties.put(DeadLetterHeaders.LAST_FAILURE, letter.lastFailure().toString());
        properties.put(DeadLetterHeaders.TYPE, event.type().wireName());
        properties.put(DeadLetterHeaders.MESSAGE_ID, event.messageId());
        properties.put(DeadLetterHeaders.SOURCE, event.source());
        return properties;
    }

    /** The same for a session. */
    static TextMessage message(DeadLetter letter, Event event, Session session) throws JMSException {
        TextMessage message = session.createTextMessage(letter.text());
        for (Map.Entry<String, Object> property : properties(event, letter).entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
        return message;
    }

    private static Instant otherwise(@Nullable Instant instant, Instant otherwise) {
        return instant == null ? otherwise : instant;
    }
}
