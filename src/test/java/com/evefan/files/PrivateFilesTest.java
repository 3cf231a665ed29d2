package com.evefan.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    Path directory;

    @Test
    void closesWhatIsThereToOthersAndLeavesItsOwnersRights() throws Exception {
        // Given
        Path below = Files.createDirectories(directory.resolve("data/journal"));
        Path file = Files.writeString(below.resolve("1.evj"), "card number");
        Path program = Files.writeString(below.resolve("postgres"), "#!");
        Path readOnly = Files.writeString(below.resolve("read-only"), "");
        Path outside = Files.writeString(directory.resolve("outside"), "");
        Files.createSymbolicLink(below.resolve("link"), outside);
        Files.createSymbolicLink(below.resolve("broken"), directory.resolve("nowhere"));
        mode(below, "rwxrwxrwx");
        mode(file, "rw-r--r--");
        mode(program, "rwxrwxrwx");
        mode(readOnly, "r--r--r--");
        mode(outside, "rw-r--r--");

        // When
        PrivateFiles.closeToOthers(directory.resolve("data"));

        // Then
        assertThat(mode(directory.resolve("data"))).isEqualTo("rwx------");
        assertThat(mode(below)).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(program)).isEqualTo("rwx------");
        assertThat(mode(readOnly)).isEqualTo("r--------");
        assertThat(mode(outside)).isEqualTo("rw-r--r--");
    }

    @Test
    void writesAllOrNothingForItsOwnerAlone() throws Exception {
        // Given
        Path file = directory.resolve("token");
        Files.writeString(directory.resolve("token.new"), "of a start that was killed");

        // When
        PrivateFiles.write(file, "one");
        PrivateFiles.write(file, "two");

        // Then
        assertThat(file).hasContent("two");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(directory.resolve("token.new")).doesNotExist();
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
