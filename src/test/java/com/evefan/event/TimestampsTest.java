package com.evefan.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2026-01-02T03:04:05.006Z                | 2026-01-02T03:04:05.006Z
            2026-01-02T03:04:05Z                    | 2026-01-02T03:04:05.000Z
            2026-01-02T03:04Z                       | 2026-01-02T03:04:00.000Z
            2026-01-02                              | 2026-01-02T00:00:00.000Z
            2026-01                                 | 2026-01-01T00:00:00.000Z
            2026                                    | 2026-01-01T00:00:00.000Z
            2026-01-02T03:04:05+02:00               | 2026-01-02T01:04:05.000Z
            2026-01-02T03:04:05.123456Z             | 2026-01-02T03:04:05.123Z
            2026-01-02T03:04:05.123456789-0530      | 2026-01-02T08:34:05.123Z
            2026-01-02T03:04:05                     | 2026-01-02T03:04:05.000Z
            2026-01-02 03:04:05                     | 2026-01-02T03:04:05.000Z
            Fri, 02 Jan 2026 03:04:05 GMT           | 2026-01-02T03:04:05.000Z
            Jan 2, 2026                             | 2026-01-02T00:00:00.000Z
            2 January 2026 10:00 UTC                | 2026-01-02T10:00:00.000Z
            2026/01/02                              | 2026-01-02T00:00:00.000Z
            01/02/2026                              | 2026-01-02T00:00:00.000Z
            2026-1-2                                | 2026-01-02T00:00:00.000Z
            2026-01-02T24:00:00Z                    | 2026-01-03T00:00:00.000Z
            2026-01-02T03:04:05.1Z                  | 2026-01-02T03:04:05.100Z
            2026-02-30                              | 2026-03-02T00:00:00.000Z
            +002026-01-02T00:00:00Z                 | 2026-01-02T00:00:00.000Z
            Fri Jan 02 2026 03:04:05 GMT+0100 (CET) | 2026-01-02T02:04:05.000Z
            2099-12-31T23:59:59.999Z                | 2099-12-31T23:59:59.999Z
            9999-12-31T23:59:59Z                    | 9999-12-31T23:59:59.000Z
            -000044-03-15T00:00:00Z                 | -000044-03-15T00:00:00.000Z
            +010000-01-01T00:00:00Z                 | +010000-01-01T00:00:00.000Z
            2024-02-29T23:59:59.999Z                | 2024-02-29T23:59:59.999Z
            Fri, 02 Jan 2026 03:04:05 -0530         | 2026-01-02T08:34:05.000Z
            1/2/26 12:30 PM                         | 2026-01-02T12:30:00.000Z
            1/2/26 12:30 am                         | 2026-01-02T00:30:00.000Z
            """)
    void readsWhatJavaScriptReads(String text, String expected) {
        assertThat(Timestamps.parse(text).map(Timestamps::format)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "garbage",
                "1767323045006",
                "2026-13-01",
                "2026-01-32",
                "2026-01-02T25:00:00Z",
                "2026-01-02T24:00:01Z",
                "2026-01-02T03:04:05 Z",
                "2026-01-02T03:60Z",
                "2026-01-02T03:04:05.Z",
                "2026-01-02T03:04:05+99:00",
                "-000000-01-01T00:00:00Z",
                "+999999-01-01T00:00:00Z",
                "2026-01-02T",
                "T",
                "-",
                "Jan",
                "Jan 2",
                "13/13/2026",
                "1/2/3/4",
                "2026-01-02T03:04:05\u0000Z",
                "٢٠٢٦-٠١-٠٢",
                "Jan 2, 99999999999999999999"
            })
    void readsNothingElse(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @Test
    void writesMillisecondsAlways() {
        assertThat(Timestamps.format(Instant.parse("2026-01-02T03:04:05Z"))).isEqualTo("2026-01-02T03:04:05.000Z");
        assertThat(Timestamps.format(Instant.parse("2026-01-02T03:04:05.678999Z")))
                .isEqualTo("2026-01-02T03:04:05.678Z");
    }
}
