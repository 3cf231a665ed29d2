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
            clock is early     | "timestamp":"2027-04-01T10:00:00Z","sentAt":"2027-04-01T10:00:05Z"                      | 2026-04-01T11:59:55.000Z | "2027-04-01T10:00:00Z"
            back-dated         | "timestamp":"2012-12-02T12:00:00Z","sentAt":"2026-04-01T12:00:00Z"                      | 2012-12-02T12:00:00.000Z | "2012-12-02T12:00:00Z"
            future             | "timestamp":"2099-01-01T00:00:00Z"                                                      | 2026-04-01T12:00:00.000Z | "2099-01-01T00:00:00Z"
            after it was sent  | "timestamp":"2026-04-01T12:00:00Z","sentAt":"2026-04-01T11:00:00Z"                      | 2026-04-01T12:00:00.000Z | "2026-04-01T12:00:00Z"
            RudderStack        | "originalTimestamp":"2026-04-01T10:00:00Z","sentAt":"2026-04-01T10:00:05Z"              | 2026-04-01T11:59:55.000Z | "2026-04-01T10:00:00Z"
            both               | "originalTimestamp":"2020-04-01T10:00:00Z","timestamp":"2026-03-01T00:00:00Z"           | 2026-03-01T00:00:00.000Z | "2026-03-01T00:00:00Z"
            garbage and good   | "originalTimestamp":"2020-04-01T10:00:00Z","timestamp":"garbage"                        | 2020-04-01T10:00:00.000Z | "2020-04-01T10:00:00Z"
            garbage            | "timestamp":"gar\\u0062age"                                                             | 2026-04-01T12:00:00.000Z | "gar\\u0062age"
            a number           | "timestamp":1767323045006                                                               | 2026-04-01T12:00:00.000Z | 1767323045006
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
}
