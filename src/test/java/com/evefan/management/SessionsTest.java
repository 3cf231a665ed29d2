package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.ingest.TlsSettings;
import com.evefan.management.Tokens.Holder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T03:00:00Z"));
    private final Sessions sessions = new Sessions(
            new ManagementSettings("127.0.0.1", 9876, "", "", false, TlsSettings.NONE, Path.of("data")),
            ((InstantSource) now::get).withZone(ZoneOffset.UTC));

    @Test
    void endsInTime() {
        // Given
        String id = sessions.begin(Holder.ADMIN);

        // Then
        assertThat(sessions.of(id).holder()).isEqualTo(Holder.ADMIN);
        now.set(now.get().plus(Sessions.LIFE).minusMillis(1));
        assertThat(sessions.of(id)).isNotNull();
        now.set(now.get().plusMillis(1));
        assertThat(sessions.of(id)).isNull();
    }

    @Test
    void theCookieIsForThisPortAloneAndForTlsWhereThereIsAny() {
        Sessions withTls = new Sessions(
                new ManagementSettings(
                        "127.0.0.1", 9877, "", "", false, new TlsSettings("a.pem", "b.pem"), Path.of("data")),
                Clock.systemUTC());

        // Then
        assertThat(sessions.cookie("x").encode()).contains("evefan-session-9876=x", "HTTPOnly", "SameSite=Strict");
        assertThat(sessions.cookie("x").isSecure()).isFalse();
        assertThat(withTls.cookie("x").isSecure()).isTrue();
        assertThat(withTls.cookie("x").getName())
                .isNotEqualTo(sessions.cookie("x").getName());
    }

    @Test
    void theOldestOfTheSameTokenMakesWay() {
        // Given
        String admins = sessions.begin(Holder.ADMIN);
        String first = sessions.begin(Holder.READER);
        String second = sessions.begin(Holder.READER);

        // When
        for (int i = 0; i < Sessions.MOST - 1; i++) {
            assertThat(sessions.begin(Holder.READER)).isNotEqualTo(second);
        }

        // Then
        assertThat(sessions.of(first)).isNull();
        assertThat(sessions.of(admins)).isNotNull();
        assertThat(sessions.of(second).holder()).isEqualTo(Holder.READER);
        assertThat(sessions.of("")).isNull();
    }
}
