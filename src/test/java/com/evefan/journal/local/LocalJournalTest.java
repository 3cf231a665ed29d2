package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.journal.Journal;
import com.evefan.journal.JournalContract;
import com.evefan.journal.JournalException;
import com.evefan.journal.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalJournalTest extends JournalContract {
    @TempDir
    Path temp;

    private int life;

    @Override
    protected Journal open() {
        return LocalJournal.open(small(directory()));
    }

    private Path directory() {
        return temp.resolve("life-" + life);
    }

    static JournalSettings small(Path directory) {
        return new JournalSettings(directory, Duration.ofDays(1), 64 << 20, 0, 256 << 10, 1_000);
    }

    @Test
    void keepsItsFilesToItsOwner() throws IOException {
        journal.place("hook", Start.END);
        append(journal, batch("a"));
        await().until(() -> Files.exists(directory().resolve("places")));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void hasItsDirectoryForItself() {
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessage("journal directory " + directory() + " is in use by another journal or process");
    }

    /** What a killed process leaves is what the files hold at that moment. */
    @Override
    protected void kill() {
        Path before = directory();
        life++;
        try {
            Files.createDirectories(directory());
            try (Stream<Path> files = Files.list(before)) {
                List<Path> all = files.filter(
                                file -> !file.getFileName().toString().endsWith(".new"))
                        .toList();
                for (Path file : all) {
                    Files.copy(file, directory().resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        journal.close();
    }
}
