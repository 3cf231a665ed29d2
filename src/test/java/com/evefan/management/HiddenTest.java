package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HiddenTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"userId\":\"ada\"} | {\"userId\":\"hidden\"}",
                "{\"filter\":{\"user\":\"ada\",\"event\":\"Bought\"}} | {\"filter\":{\"user\":\"hidden\",\"event\":\"Bought\"}}",
                "{\"a\":[{\"event\":{\"userId\":1}}]} | {\"a\":[{\"event\":\"hidden\"}]}",
                "{\"firstFailure\":\"x\",\"event\":\"no json of ada\"} | {\"firstFailure\":\"x\",\"event\":\"hidden\"}",
                "{\"message\":\"bad value: \\\"ada\\\"\\nKey (a)=(ada)\"} | {\"message\":\"bad value…\"}",
                "{\"lastError\":\"HTTP 400 {\\\"user\\\":\\\"ada\\\"}\"} | {\"lastError\":\"HTTP 400 …\"}",
                "{\"foreign\":true,\"properties\":{\"a\":\"ada\"}} | {\"foreign\":true,\"properties\":\"hidden\"}",
                "{\"message\":\"value \\\"ada\\\" of 'ada' is the sender's (a)=(ada)\"} | {\"message\":\"value … of … is the sender's (a)…\"}",
                "{\"foreign\":true,\"text\":\"ada\"} | {\"foreign\":true,\"text\":\"hidden\"}",
                "{\"writeKey\":\"wk\",\"count\":1} | {\"writeKey\":\"hidden\",\"count\":1}"
            })
    void whatMayStandInEventsIsHidden(String json, String hidden) throws Exception {
        assertThat(new String(
                        Hidden.of(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(new JsonMapper().readTree(hidden).toString());
    }

    @Test
    void holdsNoMoreThanItMustOfAnAnswerThatStreams() throws Exception {
        // Given
        AtomicLong read = new AtomicLong();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return '[';
            }
        };

        // When
        byte[] answer = Hidden.of(endless);

        // Then
        assertThat(Hidden.isTooLarge(answer)).isTrue();
        assertThat(new String(answer, java.nio.charset.StandardCharsets.UTF_8)).contains("with limit");
        assertThat(read.get()).isEqualTo(Hidden.MOST_BYTES + 1L);
    }
}
