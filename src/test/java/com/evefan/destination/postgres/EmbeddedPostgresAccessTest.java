package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class EmbeddedPostgresAccessTest {
    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void aDirectoryThatLetsInEverybody() throws Exception {
        data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "18");
        Files.writeString(data.resolve("pg_hba.conf"), "local all all trust");
    }

    @Test
    void stopsTheServerOfTheDirectoryAndNoOtherWithItsNumber() throws Exception {
        // Given: both are called postgres; a shell waits for its input, whatever its arguments
        Path postgres = Files.copy(Path.of("/bin/sh").toRealPath(), directory.resolve("postgres"));
        Process other = new ProcessBuilder(postgres.toString(), "-s", directory.toString()).start();
        Process ours = new ProcessBuilder(postgres.toString(), "-s", data.toString()).start();
        try {
            // When
            stop(other.pid());
            stop(ours.pid());

            // Then
            assertThat(other.isAlive()).isTrue();
            assertThat(ours.isAlive()).isFalse();
        } finally {
            other.destroyForcibly();
            ours.destroyForcibly();
        }
    }

    private void stop(long pid) throws Exception {
        Files.writeString(data.resolve("postmaster.pid"), pid + "\n");
        EmbeddedPostgresAccess.of(data, directory.resolve("postgres.password")).stopWhatLetsInEverybody();
    }

    @Test
    void aPasswordThatWasNeverWrittenIsMadeAnew() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("postgres.password"), "\n");

        // Then
        assertThat(EmbeddedPostgresAccess.of(data, file).password()).hasSizeGreaterThan(20);
    }
}
