package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.padded;
import static com.evefan.artemis.TestEvents.takeIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small memory disk, which only root may mount; skipped elsewhere. */
class JournalFullDiskIT {
    @TempDir
    Path temp;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()))
                .as("mounting a tmpfs, which takes root")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void refusesBeforeTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        fillAndRecover(1 << 20, "evefan.journal.min-free-bytes");
    }

    @Test
    void refusesWhenTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
        fillAndRecover(0, "cannot write");
    }

    private void fillAndRecover(long minFreeBytes, String reason) throws Exception {
        JournalSettings settings =
                new JournalSettings(disk.resolve("journal"), 1_000_000, 1 << 30, 1_000, 256 << 10, minFreeBytes);
        List<String> accepted = new ArrayList<>();
        try (Journal journal = Journal.open(settings)) {
            // Given
            Path filler = Files.write(disk.resolve("filler"), new byte[5 << 20]);

            // When
            String refusal = appendUntilRefused(journal, accepted);

            // Then
            assertThat(refusal).contains(reason);
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.UNAVAILABLE);
            Files.delete(filler);
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
                journal.append(padded("again", 1_000), BOTH);
                return true;
            });
            accepted.add("again");
            assertThat(journal.status().state()).isEqualTo(JournalStatus.State.OPEN);
        }
        try (Journal reopened = Journal.open(settings)) {
            assertThat(takeIds(reopened)).containsExactlyElementsOf(accepted);
        }
    }

    private static String appendUntilRefused(Journal journal, List<String> accepted) {
        for (int i = 0; i < 10_000; i++) {
            try {
                journal.append(padded("m" + i, 1_000), BOTH);
                accepted.add("m" + i);
            } catch (JournalUnavailableException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return fail("the disk took more than it has");
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
