package com.evefan.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.evefan.event.Integrations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeduplicationTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final Deduplication deduplication = deduplication(Duration.ofHours(24), 100_000);

    @Test
    void letsAnEventThroughOnce() {
        // Given
        deduplication.claim(List.of(event("web", "a"), event("web", "b"))).keep();

        // When
        Claims again = deduplication.claim(List.of(event("web", "a"), event("web", "c"), event("shop", "a")));

        // Then
        assertThat(again.fresh()).extracting(Event::toString).containsExactly("track c from web", "track a from shop");
        assertThat(again.keep()).isCompletedWithValue(true);
        assertThat(deduplication.size()).isEqualTo(4);
    }

    @Test
    void letsTheFirstOfTwoInOneRequestThrough() {
        // When
        Claims claims = deduplication.claim(List.of(event("web", "a"), event("web", "a")));

        // Then
        assertThat(claims.fresh()).hasSize(1);
        assertThat(claims.keep()).isCompletedWithValue(true);
    }

    @Test
    void takesAnEventAgainWhoseAppendFailed() {
        // Given
        deduplication.claim(List.of(event("web", "a"))).release();

        // When
        Claims again = deduplication.claim(List.of(event("web", "a")));

        // Then
        assertThat(again.fresh()).hasSize(1);
    }

    @Test
    void answersTheSecondOfTwoAtOnceWhenTheFirstIsKept() {
        // Given
        Claims first = deduplication.claim(List.of(event("web", "a")));
        Claims second = deduplication.claim(List.of(event("web", "a"), event("web", "b")));

        // When
        CompletionStage<Boolean> answer = second.keep();

        // Then
        assertThat(deduplication.claim(List.of(event("web", "b"))).fresh()).isEmpty();
        assertThat(answer).isNotCompleted();
        first.keep();
        assertThat(answer).isCompletedWithValue(true);
    }

    @Test
    void failsTheSecondOfTwoAtOnceWithTheFirst() {
        // Given
        Claims first = deduplication.claim(List.of(event("web", "a")));
        Claims second = deduplication.claim(List.of(event("web", "a")));

        // When
        CompletionStage<Boolean> answer = second.keep();
        first.release();

        // Then
        assertThat(answer).isCompletedWithValue(false);
    }

    @Test
    void forgetsAfterTheWindow() {
        // Given
        deduplication.claim(List.of(event("web", "a"))).keep();

        // When
        now.set(NOON.plus(Duration.ofHours(23)));
        boolean withinIt =
                deduplication.claim(List.of(event("web", "a"))).fresh().isEmpty();
        now.set(NOON.plus(Duration.ofHours(49)));
        Claims after = deduplication.claim(List.of(event("web", "a")));

        // Then
        assertThat(withinIt).isTrue();
        assertThat(after.fresh()).hasSize(1);
    }

    @Test
    void remembersTheNewestWhereThereIsNoRoomForAll() {
        // Given
        Deduplication small = deduplication(Duration.ofHours(24), 10_000);

        // When
        for (int i = 0; i < 100_000; i++) {
            small.remember(List.of(event("web", "id-" + i)));
        }

        // Then
        assertThat(small.size()).isBetween(4_000, 10_000);
        assertThat(small.bytes()).isLessThan(1_000_000);
        assertThat(small.claim(List.of(event("web", "id-99999"))).fresh()).isEmpty();
        assertThat(small.claim(List.of(event("web", "id-90000"))).fresh()).hasSize(1);
    }

    @Test
    void remembersNothingWhenItIsOff() {
        // Given
        Deduplication off = deduplication(Duration.ZERO, 1_000);
        off.claim(List.of(event("web", "a"))).keep();

        // When
        Claims again = off.claim(List.of(event("web", "a")));

        // Then
        assertThat(again.fresh()).hasSize(1);
    }

    @Test
    void tellsAHundredThousandIdsApart() {
        // When
        for (int i = 0; i < 40_000; i++) {
            Claims claims = deduplication.claim(List.of(event("web", "id-" + i)));
            assertThat(claims.fresh()).hasSize(1);
            claims.keep();
        }

        // Then
        for (int i = 0; i < 40_000; i++) {
            assertThat(deduplication.claim(List.of(event("web", "id-" + i))).fresh())
                    .isEmpty();
        }
    }

    private Deduplication deduplication(Duration window, int maxIds) {
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        return new Deduplication(new DeduplicationSettings(window, maxIds), clock);
    }

    private static Event event(String source, String messageId) {
        return new Event(EventType.TRACK, messageId, source, NOON, NOON, Integrations.ALL, new byte[0]);
    }
}
