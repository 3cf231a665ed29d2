package com.evefan.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Received at noon of April 1, 2026. */
class EventTimesTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nothing said       | "a":1                                                                                   | 2026-04-01T12:00:00.000Z |
            no sentAt          | "timestamp":"2026-03-01T00:00:00Z"                                                      | 2026-03-01T00:00:00.000Z | "2026-03-01T00:00:00Z"
            clock is late      | "timestamp":"2026-04-01T10:00:00Z","sentAt":"2026-04-01T10:00:05Z"                      | 2026-04-01T11:59:55.000Z | "2026-04-01T10:00:00Z"
            clock is early     | "timestamp":"2027-04-01T10:00:00Z","sentAt":"2027-04-01T10:00:05Z"                      | 2026-04-01T12:00:00.000Z | "2027-04-01T10:00:00Z"
            back-dated         | "timestamp":"2012-12-02T12:00:00Z","sentAt":"2026-04-01T12:00:00Z"                      | 2012-12-02T12:00:00.000Z | "2012-12-02T12:00:00Z"
            future             | "timestamp":"2099-01-01T00:00:00Z"                                                      | 2026-04-01T12:00:00.000Z | "2099-01-01T00:00:00Z"
            after it was sent  | "timestamp":"2026-04-01T12:00:00Z","sentAt":"2026-04-01T11:00:00Z"                      | 2026-04-01T12:00:00.000Z | "2026-04-01T12:00:00Z"
            RudderStack        | "originalTimestamp":"2026-04-01T10:00:00Z","sentAt":"2026-04-01T10:00:05Z"              | 2026-04-01T11:59:55.000Z | "2026-04-01T10:00:00Z"
            both               | "originalTimestamp":"2020-04-01T10:00:00Z","timestamp":"2026-03-01T00:00:00Z"           | 2026-03-01T00:00:00.000Z | "2026-03-01T00:00:00Z"
            garbage and good   | "originalTimestamp":"2020-04-01T10:00:00Z","timestamp":"garbage"                        | 2020-04-01T10:00:00.000Z | "2020-04-01T10:00:00Z"
            garbage            | "timestamp":"gar\\u0062age"                                                             | 2026-04-01T12:00:00.000Z | "gar\\u0062age"
            milliseconds       | "timestamp":1767323045006                                                               | 2026-01-02T03:04:05.006Z | 1767323045006
            seconds            | "timestamp":"1767323045"                                                                | 2026-01-02T03:04:05.000Z | "1767323045"
            a year             | "timestamp":2026                                                                        | 2026-04-01T12:00:00.000Z | 2026
            sentAt in 2100     | "timestamp":"2026-04-01T10:00:00Z","sentAt":"2100-04-01T10:00:00Z"                      | 2026-04-01T10:00:00.000Z | "2026-04-01T10:00:00Z"
            sentAt of 1970     | "timestamp":"2026-04-01T10:00:00Z","sentAt":0                                           | 2026-04-01T10:00:00.000Z | "2026-04-01T10:00:00Z"
            archived           | "timestamp":"2020-04-01T10:00:00Z","sentAt":"2020-04-01T10:00:05Z"                      | 2020-04-01T10:00:00.000Z | "2020-04-01T10:00:00Z"
            garbage sentAt     | "timestamp":"2026-03-01T00:00:00Z","sentAt":"eh"                                        | 2026-03-01T00:00:00.000Z | "2026-03-01T00:00:00Z"
            empty sentAt       | "timestamp":"2026-03-01T00:00:00Z","sentAt":""                                          | 2026-03-01T00:00:00.000Z | "2026-03-01T00:00:00Z"
            before our era     | "timestamp":"-000044-03-15T00:00:00Z"                                                   | 2026-04-01T12:00:00.000Z | "-000044-03-15T00:00:00Z"
            far apart          | "timestamp":"-271821-04-20T00:00:00Z","sentAt":"+275760-09-13T00:00:00Z"                | 2026-04-01T12:00:00.000Z | "-271821-04-20T00:00:00Z"
            """)
    void correctsTheSendersClock(String name, String members, String timestamp, String original) throws Exception {
        // When
        Event event = Requests.one("{\"type\":\"page\",\"userId\":\"u\"," + members + "}");

        // Then
        assertThat(Timestamps.format(event.timestamp())).isEqualTo(timestamp);
        assertThat(Requests.json(event)).contains("\"timestamp\":\"" + timestamp + "\"");
        if (original == null) {
            assertThat(Requests.json(event)).doesNotContain("originalTimestamp");
        } else {
            assertThat(Requests.json(event)).containsOnlyOnce("\"originalTimestamp\":" + original);
        }
        assertThat(event.receivedAt()).isEqualTo(Requests.NOON);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "timestamp":"2026-03-01T00:00:00Z"                                         |
            "timestamp":"2026-04-01T12:00:09Z"                                         |
            "timestamp":null,"sentAt":""                                               |
            "timestamp":"31.12.2024"                                                   | timestamp not understood: 31.12.2024; the time of arrival stands in its place
            "timestamp":{"a":1}                                                        | timestamp not understood: {"a":1}; the time of arrival stands in its place
            "timestamp":"eh","originalTimestamp":"2026-03-01"                          | timestamp not understood: eh; originalTimestamp stands in its place
            "timestamp":"2026-03-01","sentAt":"eh"                                     | sentAt not understood: eh; the sender's clock is not corrected
            "timestamp":"2026-03-01T00:00:00Z","sentAt":"2100-01-01T00:00:00Z"         | sentAt is too far from the time of arrival to be a clock's error; the event keeps its own time
            "timestamp":"2099-01-01T00:00:00Z"                                         | timestamp is in the future; the time of arrival stands in its place
            "timestamp":"-000044-03-15T00:00:00Z"                                      | timestamp is before the year 1; the time of arrival stands in its place
            """)
    void tellsOfATimeThatItDoesNotTake(String members, String warning) throws Exception {
        // When
        ReadResult result = Requests.read("{\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"m\"," + members + "}");

        // Then
        assertThat(result.accepted().size()).isEqualTo(1);
        if (warning == null) {
            assertThat(result.warnings()).isEmpty();
        } else {
            assertThat(result.warnings()).hasSize(1);
            assertThat(result.warnings().get(0).messageId()).isEqualTo("m");
            assertThat(result.warnings().get(0).cause().text()).isEqualTo(warning);
        }
    }
}
