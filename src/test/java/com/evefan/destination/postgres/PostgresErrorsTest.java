package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class PostgresErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "22021,REJECTED",
        "22P05,REJECTED",
        "22003,REJECTED",
        "23505,REJECTED",
        "23514,REJECTED",
        "54000,REJECTED",
        "54001,REJECTED",
        "P0001,REJECTED",
        "44000,REJECTED",
        "08006,RETRYABLE",
        "08001,RETRYABLE",
        "40001,RETRYABLE",
        "40P01,RETRYABLE",
        "53300,RETRYABLE",
        "53100,RETRYABLE",
        "57P01,RETRYABLE",
        "57P03,RETRYABLE",
        "57014,RETRYABLE",
        "55P03,RETRYABLE",
        "25006,RETRYABLE",
        "XX000,RETRYABLE",
        "58030,RETRYABLE",
        "none,RETRYABLE",
        "28P01,SET_UP",
        "28000,SET_UP",
        "3D000,SET_UP",
        "3F000,SET_UP",
        "42501,SET_UP",
        "42804,REJECTED",
        "42P10,SET_UP",
        "08004,SET_UP",
        "0A000,SET_UP"
    })
    void knowsWhatAStateMeans(String state, PostgresErrors.Meaning meaning) {
        assertThat(PostgresErrors.meaning(state)).isEqualTo(meaning);
    }

    @Test
    void namesTableAndColumnButNoValue() {
        // Given
        SQLException error = server(
                "C22P02",
                "Minvalid input syntax for type integer: \"s3cret \"",
                "DKey (id)=(s3cret) exists.",
                "WCOPY tracks, line 3, column extra_fields: \"s3cret\"",
                "ttracks");

        // When / Then
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> PostgresErrors.raise(error))
                .withMessage(
                        "PostgreSQL 22P02: invalid input syntax for type integer: a value in table tracks in column"
                                + " extra_fields")
                .satisfies(e -> assertThat(e.error()).isEqualTo("22P02"));
    }

    @Test
    void seesThroughThePool() {
        // Given
        SQLException refused = server("C28P01", "Mpassword authentication failed for user \"evefan\"");
        SQLException error = new SQLTransientConnectionException("postgres - Connection is not available", refused);

        // When / Then
        assertThatExceptionOfType(SetUpException.class)
                .isThrownBy(() -> PostgresErrors.raise(error))
                .withMessageContaining("password authentication failed for user \"evefan\"")
                .withMessageContaining("check evefan.postgres.password");
    }

    @Test
    void triesAgainWhenThePoolIsExhausted() {
        // Given
        SQLException error = new SQLTransientConnectionException("postgres - Connection is not available");

        // When / Then
        assertThatExceptionOfType(RetryableException.class)
                .isThrownBy(() -> PostgresErrors.raise(error))
                .withMessageContaining("Connection is not available");
    }

    @Test
    void triesAgainWhenTheServerIsGone() {
        // Given
        SQLException error = new PSQLException("Connection refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT);

        // When / Then
        assertThatExceptionOfType(RetryableException.class).isThrownBy(() -> PostgresErrors.raise(error));
    }

    /** Fields as the server sends them: a letter and a text. */
    private static SQLException server(String... fields) {
        return new PSQLException(new ServerErrorMessage(String.join("\0", fields) + "\0"));
    }
}
