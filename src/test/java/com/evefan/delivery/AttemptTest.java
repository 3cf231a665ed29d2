package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventType;
import com.evefan.warehouse.Events;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptTest {
    private final List<String> taken = new ArrayList<>();
    private int calls;

    @ParameterizedTest
    @CsvSource({
        "a b c d,         a b c d,   ''",
        "bad b c d,       b c d,     bad",
        "a b c bad,       a b c,     bad",
        "bad bad bad d,   d,         bad bad bad",
        "bad b bad d e f, b d e f,   bad bad"
    })
    void takesAStatementThatIsRefusedForTheEventsFaultWhereOthersAreTaken(String batch, String good, String bad) {
        // When
        Attempt attempt = attempt(batch.split(" "), new SQLException("no such operator", "42883"));

        // Then
        assertThat(String.join(" ", taken)).isEqualTo(good);
        assertThat(attempt.rejected())
                .extracting(one -> one.event().messageId())
                .isEqualTo(words(bad));
        assertThat(attempt.rejected())
                .allSatisfy(one -> assertThat(one.reason()).isEqualTo("SQLSTATE 42883: no such operator"));
        assertThat(attempt.failure()).isNull();
    }

    @Test
    void takesAStatementThatIsRefusedForAllForTheSetUpsFault() {
        // Given
        String[] all = new String[100];
        Arrays.fill(all, "bad");

        // When
        Attempt attempt = attempt(all, new SQLException("no such table", "42P01"));

        // Then
        assertThat(attempt.failure()).isInstanceOf(SetUpException.class).hasMessage("SQLSTATE 42P01: no such table");
        assertThat(attempt.remaining()).hasSize(100);
        assertThat(attempt.rejected()).isEmpty();
        assertThat(calls).isEqualTo(6);
    }

    @Test
    void triesAWrongPasswordOnceOnly() {
        // When
        Attempt attempt = attempt(new String[] {"bad", "b"}, new SQLException("no", "28P01"));

        // Then
        assertThat(attempt.failure()).isInstanceOf(SetUpException.class);
        assertThat(attempt.remaining()).hasSize(2);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void findsTheOneEventWhoseValueDoesNotFitItsColumn() {
        // When
        Attempt attempt = attempt(
                new String[] {"a", "bad", "c"},
                new SQLException("column \"total\" is of type numeric but expression is of type text", "42804"));

        // Then
        assertThat(taken).containsExactly("a", "c");
        assertThat(attempt.rejected()).singleElement().satisfies(one -> {
            assertThat(one.error()).isEqualTo("42804");
            assertThat(one.reason())
                    .isEqualTo("SQLSTATE 42804: column \"total\" is of type numeric but expression is of type text");
        });
    }

    private Attempt attempt(String[] batch, SQLException failure) {
        return Attempt.of(
                EventBatch.of(Arrays.stream(batch).map(AttemptTest::event).toList()), part -> {
                    calls++;
                    for (Event event : part.events()) {
                        if (event.messageId().equals("bad")) {
                            throw Failures.classify(failure);
                        }
                    }
                    part.events().forEach(event -> taken.add(event.messageId()));
                    return 0;
                });
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static Event event(String id) {
        return Events.event(EventType.TRACK, id, "");
    }

    @Test
    void partsWhatIsMoreThanOneCallMayHaveEvenlyAndInOrder() {
        // Given
        List<String> calls = new ArrayList<>();
        EventBatch batch = batch("a b c d e f g h i");
        long four = 4L * batch.events().get(0).json().length;

        // When
        for (Attempt.Most most : List.of(
                new Attempt.Most(4, Long.MAX_VALUE),
                new Attempt.Most(100, four),
                new Attempt.Most(1, 1),
                Attempt.Most.ANY)) {
            Attempt attempt = Attempt.of(batch, most, part -> {
                calls.add(ids(part.events()));
                return 0;
            });
            assertThat(attempt.delivered()).isEqualTo(9);
            assertThat(attempt.remaining()).isEmpty();
        }

        // Then
        assertThat(calls)
                .containsExactly(
                        "abc",
                        "def",
                        "ghi",
                        "abc",
                        "def",
                        "ghi",
                        "a",
                        "b",
                        "c",
                        "d",
                        "e",
                        "f",
                        "g",
                        "h",
                        "i",
                        "abcdefghi");
    }

    @Test
    void stopsAtThePartThatLeavesSomethingAndSendsTheSamePartsAgain() {
        // Given
        List<String> calls = new ArrayList<>();
        EventBatch batch = batch("a b c d e f g h i j k");
        Attempt.Most most = new Attempt.Most(4, Long.MAX_VALUE);
        Attempt.Delivery oneIsDown = part -> {
            calls.add(ids(part.events()));
            if (calls.size() == 2) {
                throw new RetryableException("down", null);
            }
            if (calls.size() == 1) {
                throw new PartialDeliveryException(
                        List.of(new Rejected(part.events().get(0), "bad", "HTTP 400")), List.of(), List.of(), 1, null);
            }
            return 0;
        };

        // When
        Attempt first = Attempt.of(batch, most, oneIsDown);
        Attempt second = Attempt.of(EventBatch.of(first.remaining()), most, oneIsDown);

        // Then
        assertThat(calls).containsExactly("abcd", "efgh", "efgh", "ijk");
        assertThat(first.failure()).hasMessage("down");
        assertThat(first.delivered()).isEqualTo(2);
        assertThat(first.leftOut()).isEqualTo(1);
        assertThat(first.rejected()).hasSize(1);
        assertThat(ids(first.remaining())).isEqualTo("efghijk");
        assertThat(second.delivered()).isEqualTo(7);
        assertThat(second.failure()).isNull();
    }

    private static EventBatch batch(String ids) {
        return EventBatch.of(
                Arrays.stream(ids.split(" ")).map(AttemptTest::event).toList());
    }

    private static String ids(List<Event> events) {
        return events.stream().map(Event::messageId).reduce("", String::concat);
    }

    @Test
    void sendsTheOthersAtOnceAndPutsOffWhatIsToComeLater() {
        // Given
        EventBatch batch = EventBatch.of(List.of(event("a"), event("b"), event("c"), event("d")));
        List<Event> events = batch.events();

        // When
        Attempt attempt = Attempt.of(batch, part -> {
            calls++;
            if (calls == 1) {
                throw new PartialDeliveryException(
                        List.of(new Rejected(events.get(3), "bad", "HTTP 400")),
                        List.of(events.get(1)),
                        List.of(events.get(0)),
                        1,
                        new RetryableException("slow down", null));
            }
            part.events().forEach(event -> taken.add(event.messageId()));
            return 0;
        });

        // Then
        assertThat(taken).containsExactly("b");
        assertThat(attempt.remaining()).containsExactly(events.get(0));
        assertThat(attempt.failure()).isInstanceOf(RetryableException.class).hasMessage("slow down");
        assertThat(attempt.leftOut()).isEqualTo(1);
        assertThat(attempt.delivered()).isEqualTo(1);
    }
}
