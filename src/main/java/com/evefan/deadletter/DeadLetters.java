package com.evefan.deadletter;

import com.evefan.counters.SafeText;
import com.evefan.delivery.Attempt;
import com.evefan.delivery.Delivery;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.event.Invalid;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    public DeadLetters(Clock clock) {
        this.clock = clock;
    }

    /** One message for each event that the attempt found rejected. */
    public List<Message> envelopes(
            @Body Attempt attempt,
            @ExchangeProperty(Destinations.PROPERTY) String destination,
            @ExchangeProperty(Delivery.PROPERTY) Delivery delivery,
            Exchange exchange) {
        Instant now = clock.instant();
        List<Message> messages = new ArrayList<>(attempt.rejected().size());
        for (Rejected rejected : attempt.rejected()) {
            Envelope envelope = new Envelope(
                    destination,
                    rejected.reason(),
                    rejected.error(),
                    delivery.attempts(),
                    otherwise(delivery.firstFailure(), now),
                    otherwise(delivery.lastFailure(), now),
                    rejected.event().json());
            Message message = message(envelope, exchange.getContext());
            Event event = rejected.event();
            message.setHeader(Properties.TYPE, event.type().wireName());
            message.setHeader(Properties.MESSAGE_ID, event.messageId());
            message.setHeader(Properties.SOURCE, event.source());
            messages.add(message);
        }
        return messages;
    }

    /** One message for each event that was not accepted. */
    public List<Message> invalid(@ExchangeProperty(Invalid.PROPERTY) List<Invalid> refused, Exchange exchange) {
        Instant now = clock.instant();
        List<Message> messages = new ArrayList<>(refused.size());
        for (Invalid invalid : refused) {
            Envelope envelope = new Envelope(INGEST, invalid.error(), "invalid", 1, now, now, invalid.json());
            Message message = message(envelope, exchange.getContext());
            if (invalid.messageId() != null) {
                message.setHeader(Properties.MESSAGE_ID, invalid.messageId());
            }
            messages.add(message);
        }
        return messages;
    }

    private static Message message(Envelope envelope, CamelContext context) {
        Message message = new DefaultMessage(context);
        message.setBody(envelope.toJson());
        message.setHeader(Properties.DESTINATION, envelope.destination());
        message.setHeader(Properties.REASON, SafeText.of(envelope.reason(), envelope.error()));
        message.setHeader(Properties.ERROR, envelope.error());
        message.setHeader(Properties.LAST_FAILURE, envelope.lastFailure().toString());
        return message;
    }

    private static Instant otherwise(@Nullable Instant instant, Instant otherwise) {
        return instant == null ? otherwise : instant;
    }
}
