package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.ingest.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    private static final String TOKEN = "a-token-of-my-own";

    @TempDir
    Path data;

    @Test
    void isProvenAsPasswordOrAsBearerToken() throws Exception {
        // Given
        AdminToken token = token(TOKEN);

        // Then
        assertThat(token.isProvenBy("Bearer " + TOKEN)).isTrue();
        assertThat(token.isProvenBy(basic("anybody:" + TOKEN))).isTrue();
        assertThat(token.isProvenBy(null)).isFalse();
        assertThat(token.isProvenBy("Bearer")).isFalse();
        assertThat(token.isProvenBy("Bearer other")).isFalse();
        assertThat(token.isProvenBy(basic(TOKEN))).isFalse();
        assertThat(token.isProvenBy("Basic %%%")).isFalse();
    }

    @Test
    void isMadeOnceAndForItsOwnerAlone() throws Exception {
        // When
        token("");
        token("");

        // Then
        Path file = data.resolve("admin.token");
        String made = Files.readString(file).strip();
        assertThat(made).hasSizeGreaterThan(30);
        assertThat(token("").isProvenBy("Bearer " + made)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void staysOutOfItsText() throws Exception {
        assertThat(token(TOKEN).toString()).doesNotContain(TOKEN);
        assertThat(settings(TOKEN).toString()).doesNotContain(TOKEN);
    }

    private AdminToken token(String configured) throws Exception {
        return AdminToken.of(settings(configured));
    }

    private ManagementSettings settings(String token) {
        return new ManagementSettings("127.0.0.1", 9876, token, TlsSettings.NONE, data);
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes());
    }
}
