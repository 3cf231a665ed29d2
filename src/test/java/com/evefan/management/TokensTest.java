package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.ingest.TlsSettings;
import com.evefan.management.Tokens.Holder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final String ADMIN = "a-token-of-my-own";
    private static final String READER = "one-only-for-reading";

    @TempDir
    Path data;

    @Test
    void isNamedAsPasswordOrAsBearerToken() throws Exception {
        // Given
        Tokens tokens = Tokens.of(settings(ADMIN, READER));

        // Then
        assertThat(tokens.holder("Bearer " + ADMIN)).isEqualTo(Holder.ADMIN);
        assertThat(tokens.holder("bearer  " + ADMIN)).isEqualTo(Holder.ADMIN);
        assertThat(tokens.holder(basic("anybody:" + ADMIN))).isEqualTo(Holder.ADMIN);
        assertThat(tokens.holder("Bearer " + READER)).isEqualTo(Holder.READER);
        assertThat(tokens.holder(basic(":" + READER))).isEqualTo(Holder.READER);
        for (String wrong : new String[] {
            "",
            "Bearer",
            "Bearer ",
            "Bearer other",
            ADMIN,
            "Digest " + ADMIN,
            basic(ADMIN),
            basic("anybody:"),
            "Basic %%%"
        }) {
            assertThat(tokens.holder(wrong)).as(wrong).isEqualTo(Holder.UNKNOWN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "guessable\n"})
    void oneThatIsTooShortInItsFileIsMadeAnew(String text) throws Exception {
        // Given
        Files.writeString(data.resolve("admin.token"), text);

        // When
        Tokens.of(settings("", ""));

        // Then
        assertThat(Files.readString(data.resolve("admin.token"))).hasSizeGreaterThan(16);
    }

    @Test
    void withoutOneForReadingNobodyIsAReader() throws Exception {
        // Given
        Tokens tokens = Tokens.of(settings(ADMIN, ""));

        // Then
        for (String nothing : new String[] {"Bearer ", "Bearer  ", basic("reader:"), basic(":")}) {
            assertThat(tokens.holder(nothing)).isEqualTo(Holder.UNKNOWN);
        }
    }

    @Test
    void isMadeOnceAndForItsOwnerAlone() throws Exception {
        // When
        Tokens.of(settings("", ""));
        Tokens again = Tokens.of(settings("", ""));

        // Then
        String made = Tokens.admin(settings("", ""));
        assertThat(made).hasSizeGreaterThan(30);
        assertThat(again.holder("Bearer " + made)).isEqualTo(Holder.ADMIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin.token"))))
                .isEqualTo("rw-------");
    }

    @Test
    void saysWhereItsFileShouldBe() {
        assertThatThrownBy(() -> Tokens.admin(settings("", "")))
                .hasMessageContaining("evefan.admin.token")
                .hasMessageContaining(data.resolve("admin.token").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "fifteen-letters, , evefan.admin.token must have at least 16",
        "a-token-of-my-own, fifteen-letters, evefan.admin.read-token must have at least 16",
        "a-token-of-my-own, a-token-of-my-own, evefan.admin.read-token is the same as evefan.admin.token"
    })
    void isLongEnoughAndNotTheOther(String admin, String reader, String message) {
        assertThatThrownBy(() -> settings(admin, reader == null ? "" : reader)).hasMessageContaining(message);
    }

    @Test
    void staysOutOfItsText() throws Exception {
        assertThat(Tokens.of(settings(ADMIN, READER)).toString()).doesNotContain(ADMIN, READER);
        assertThat(settings(ADMIN, READER).toString()).doesNotContain(ADMIN, READER);
    }

    private ManagementSettings settings(String admin, String reader) {
        return new ManagementSettings("127.0.0.1", 9876, admin, reader, false, TlsSettings.NONE, data);
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes());
    }
}
