package com.evefan.counters;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cannot connect to https://user:hunter2@host/x",
                "refused: password=hunter2&x=1",
                "refused: {\"token\":\"hunter2\"}",
                "header Authorization: Bearer hunter2",
                "header Authorization: Basic hunter2",
                "null value in column \"a\"\n  Detail: Failing row contains (hunter2, 1).",
                "https://host/path?api_key=hunter2"
            })
    void hidesSecretsAndRows(String message) {
        assertThat(SafeText.of(message, "error")).doesNotContain("hunter2").isNotBlank();
    }

    @Test
    void isOneShortLine() {
        assertThat(SafeText.of("a\n\tb".repeat(1000), "error"))
                .doesNotContain("\n")
                .hasSizeLessThan(310);
    }

    @Test
    void keepsWhatHelps() {
        String message = "PostgreSQL 28P01: password authentication failed for user \"evefan\"";
        assertThat(SafeText.of(message, "error")).isEqualTo(message);
    }
}
