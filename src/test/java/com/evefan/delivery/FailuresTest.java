package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    @ParameterizedTest
    @CsvSource({"400,RejectedException", "401,SetUpException", "429,RetryableException", "503,RetryableException"})
    void quotesTheOtherSide(int status, String type) {
        Exception failure = Failures.classify(http(status, "{\"error\":\"field price must be a number\"}"));

        // Then
        assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
        assertThat(failure)
                .hasMessageStartingWith("the destination answered HTTP " + status)
                .hasMessageEndingWith("\n{\"error\":\"field price must be a number\"}");
    }

    @Test
    void quotesNoMoreThanTwoKilobytesAndNoSecrets() {
        String body = "password=hunter2, {\"api_key\": \"abc123\"} Bearer abc.def token s3cr3tv4lue\u0000\n"
                + "eyJhbGciOiJI.eyJzdWIi.c2ln https://user:pass@example.org/ " + "x".repeat(10_000_000);

        // When
        String message = Failures.classify(http(400, body)).getMessage();

        // Then
        assertThat(message.length()).isLessThan(2_200);
        assertThat(message)
                .doesNotContain("hunter2", "abc123", "abc.def", "s3cr3tv4lue", "eyJzdWIi", "user:pass", "\u0000");
        assertThat(message.lines()).hasSize(2);
    }

    @Test
    void quotesNothingWhereThereIsNothing() {
        assertThat(Failures.classify(http(400, null))).hasMessage("the destination answered HTTP 400");
        assertThat(Failures.classify(http(400, " \n"))).hasMessage("the destination answered HTTP 400");
    }

    private static Exception http(int status, String body) {
        return new HttpOperationFailedException("http://localhost/", status, "status", null, Map.of(), body);
    }
}
