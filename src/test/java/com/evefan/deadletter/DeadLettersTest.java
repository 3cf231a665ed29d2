package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.counters.Counters;
import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.journal.Place.Tally;
import com.evefan.journal.TestEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed has kept, and has not counted. */
class DeadLettersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-28T22:00:00Z"), ZoneOffset.UTC);
    private static final Event EVENT = TestEvents.event("m1", TestEvents.RECEIVED, 3);

    private final Set<String> queue = new HashSet<>(Set.of("ID:1"));

    private static Counters counters(Path directory) throws IOException {
        return Counters.open(directory.resolve("counters.json"), Duration.ofDays(1), CLOCK);
    }

    private DeadLetters deadLetters(Counters counters) {
        DeadLetters deadLetters = new DeadLetters(CLOCK, counters);
        deadLetters.unsaved(
                "hook", new DeadLetters.Unsaved(Map.of(DeadLetters.acceptance(EVENT), "ID:1"), queue::contains));
        return deadLetters;
    }

    private static List<Message> made(DeadLetters deadLetters, String destination, Event event) {
        return deadLetters.envelopes(
                List.of(new Rejected(event, "no", "422")), destination, 1, null, null, new DefaultCamelContext());
    }

    @Test
    void makesNoOtherLetterOfAnEventWhoseLetterIsThere(@TempDir Path directory) throws IOException {
        Counters counters = counters(directory);
        counters.of("hook").found(1, Tally.NOTHING);
        DeadLetters deadLetters = deadLetters(counters);

        assertThat(made(deadLetters, "hook", EVENT)).isEmpty();
        assertThat(made(deadLetters, "hook", EVENT)).isEmpty();

        assertThat(counters.of("hook").deadLetters(Tally.NOTHING)).isZero(); // the place counts it now
        assertThat(made(deadLetters, "other", EVENT)).hasSize(1);
    }

    @Test
    void keepsAnEventWhoseLetterSomebodyHasTakenOut(@TempDir Path directory) throws IOException {
        DeadLetters deadLetters = deadLetters(counters(directory));
        assertThat(made(deadLetters, "hook", EVENT)).isEmpty();

        queue.clear();

        assertThat(made(deadLetters, "hook", EVENT)).hasSize(1);
    }

    @Test
    void keepsAnotherEventWithTheSameId(@TempDir Path directory) throws IOException {
        DeadLetters deadLetters = deadLetters(counters(directory));
        Event sentAgain = TestEvents.event("m1", TestEvents.RECEIVED.plusSeconds(86_400), 3);

        assertThat(made(deadLetters, "hook", sentAgain)).hasSize(1);
    }

    @Test
    void keepsAllOnceLettersAreTakenOut(@TempDir Path directory) throws IOException {
        DeadLetters deadLetters = deadLetters(counters(directory));

        deadLetters.taken("hook");

        assertThat(made(deadLetters, "hook", EVENT)).hasSize(1);
    }
}
