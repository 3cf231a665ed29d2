package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://h/d, u, s, 4, 5000, 5000, evefan.postgres.url",
        "jdbc:postgresql://h/d, '', s, 4, 5000, 5000, evefan.postgres.user",
        "jdbc:postgresql://h/d, u, '', 4, 5000, 5000, evefan.postgres.schema",
        "jdbc:postgresql://h/d, u, s, 0, 5000, 5000, evefan.postgres.pool-size",
        "jdbc:postgresql://h/d, u, s, 4, 1, 5000, evefan.postgres.connect-timeout-ms",
        "jdbc:postgresql://h/d, u, s, 4, 5000, 1, evefan.postgres.socket-timeout-ms"
    })
    void namesTheKeyOfAWrongValue(
            String url, String user, String schema, int pool, int connect, int socket, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgresSettings(url, user, "p", schema, pool, connect, socket, false))
                .withMessageStartingWith(key);
    }

    @Test
    void neverShowsThePassword() {
        // Given
        PostgresSettings settings =
                new PostgresSettings("jdbc:postgresql://h/d?password=s3cret", "u", "s3cret", "s", 4, 5000, 5000, false);

        // When / Then
        assertThat(settings).hasToString("jdbc:postgresql://h/d as u");
    }
}
