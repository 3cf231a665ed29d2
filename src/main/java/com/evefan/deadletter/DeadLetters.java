package com.evefan.deadletter;

import com.evefan.delivery.Attempt;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Wraps rejected events for their queue; bound as {@code deadLetters}. */
public final class DeadLetters {
    private final Clock clock;

    public DeadLetters(Clock clock) {
        this.clock = clock;
    }

    /** One envelope, as JSON, for each event that the attempt found rejected. */
    public List<String> envelopes(@Body Attempt attempt, @ExchangeProperty(Destinations.PROPERTY) String destination) {
        return attempt.rejected().stream()
                .map(rejected -> envelope(rejected, destination).toJson())
                .toList();
    }

    private Envelope envelope(Rejected rejected, String destination) {
        return new Envelope(
                destination,
                rejected.reason(),
                rejected.error(),
                clock.instant(),
                rejected.event().json());
    }
}
