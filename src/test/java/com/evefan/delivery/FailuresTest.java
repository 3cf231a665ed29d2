package com.evefan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.BadSqlGrammarException;

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

    /** What anybody with a key may send, such as {@code "total":[1]}, must not stop the destination. */
    @ParameterizedTest
    @ValueSource(strings = {"42804", "42846", "07006", "22P02", "22003", "23502", "23514"})
    void aValueThatADatabaseCannotTakeIsTheEvents(String state) {
        Exception failure = Failures.classify(new BadSqlGrammarException(
                "PreparedStatementCallback", "", new SQLException("cannot take a list", state)));

        // Then
        assertThat(failure)
                .isInstanceOf(RejectedException.class)
                .hasMessage("SQLSTATE " + state + ": cannot take a list");
    }

    @Test
    void repeatsNoValueThatAJqExpressionMet() {
        assertThat(Failures.classify(new JsonQueryException("string (\"ada) x\") and number (1) cannot be added")))
                .isInstanceOf(RejectedException.class)
                .hasMessage("JsonQueryException: string (…) cannot be added");
    }

    @Test
    void saysTheDatabasesWordsWhereItDoesNotKnowThem() {
        assertThat(Failures.classify(new BadSqlGrammarException(
                        "PreparedStatementCallback", "", new SQLException("cursor is out of reach", "34000"))))
                .isInstanceOf(SetUpException.class)
                .hasMessage("SQLSTATE 34000: cursor is out of reach");
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

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308})
    void aRedirectIsASetUpErrorThatNamesWhereTo(int status) {
        Exception failure = Failures.classify(redirect(status, "https://hooks.example.org/v2/in"));

        // Then
        assertThat(failure)
                .isInstanceOf(SetUpException.class)
                .hasMessage(
                        "the destination answered HTTP " + status
                                + ", a redirect, which is not followed: its address may have to be https://hooks.example.org/v2/in");
    }

    @Test
    void aRedirectShowsNoSecretsAndIsShort() {
        String secret = "https://user:hunter2@example.org/in?X-Amz-Signature=s1gn4ture#fr4gment";
        String longOne = "https://example.org/" + "x".repeat(1_000_000);

        // Then
        assertThat(Failures.classify(redirect(307, secret)))
                .hasMessageEndingWith("https://***example.org/in…")
                .hasMessageNotContainingAny("hunter2", "s1gn4ture", "fr4gment");
        assertThat(Failures.classify(redirect(307, longOne)).getMessage()).hasSizeLessThan(300);
        assertThat(Failures.classify(redirect(307, "/a\r\nb")).getMessage().lines())
                .hasSize(1);
        assertThat(Failures.classify(redirect(307, null)))
                .hasMessageEndingWith("a redirect without a Location: check its address");
    }

    @Test
    void quotesNothingWhereThereIsNothing() {
        assertThat(Failures.classify(http(400, null))).hasMessage("the destination answered HTTP 400");
        assertThat(Failures.classify(http(400, " \n"))).hasMessage("the destination answered HTTP 400");
    }

    private static Exception redirect(int status, String location) {
        return new HttpOperationFailedException("http://localhost/", status, "status", location, Map.of(), null);
    }

    private static Exception http(int status, String body) {
        return new HttpOperationFailedException("http://localhost/", status, "status", null, Map.of(), body);
    }
}
