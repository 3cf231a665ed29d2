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
    void hidesTheValuesOfSettingsWhoeverSaysThem() {
        // Given
        Secrets.note("safe-text.password", "correct horse");
        Secrets.note("safe-text.account", "no-secret-by-its-name");
        Secrets.note("safe-text.service-account", "ada:battery-staple");
        Secrets.note("safe-text.url", "https://host/services/T0123456/staple-1234/in?to=%23orders-9#x");
        Secrets.note("safe-text.jdbc-url", "jdbc:postgresql://ada:lovelace@host/shop?sslpassword=horse-staple");

        // When
        String message = SafeText.of(
                "no /services/T0123456/staple-1234/in?to=%23orders-9 for correct horse, battery-staple, ada:lovelace"
                        + " horse-staple in shop",
                "error");

        // Then
        assertThat(message).isEqualTo("no /services/***/***/in?to=*** for ***, ***, *** *** in shop");
    }

    @Test
    void isOneShortLine() {
        assertThat(SafeText.of("a\n\tb".repeat(1000), "error"))
                .doesNotContain("\n")
                .hasSizeLessThan(310);
    }

    @Test
    void keepsTheWordsOfOthersOnALineOfTheirOwn() {
        String message = SafeText.whole("answered HTTP 503\ncard 4111\n of  ada", "error");
        assertThat(message).isEqualTo("answered HTTP 503\ncard 4111 of ada");
        assertThat(SafeText.ownWords(message)).isEqualTo("answered HTTP 503");
        assertThat(SafeText.ownWords("/import answered 401: no ada; check ada")).isEqualTo("/import answered 401…");
        assertThat(SafeText.ownWords("the destination answered HTTP 401; check its address and credentials\nno ada"))
                .isEqualTo("the destination answered HTTP 401; check its address and credentials");
        assertThat(SafeText.whole("\n", "error")).isEqualTo("error");
    }

    @Test
    void keepsWhatHelps() {
        String message = "PostgreSQL 28P01: password authentication failed for user \"evefan\"";
        assertThat(SafeText.of(message, "error")).isEqualTo(message);
    }
}
