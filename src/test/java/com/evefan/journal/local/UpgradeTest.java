package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.drain;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.Status;
import com.evefan.journal.Start;
import com.evefan.journal.local.MemoryDisk.Survival;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;

/** The journal of an Evefan 0.1 that was killed; what it owed stands in upgrade/README.md of the test resources. */
class UpgradeTest {
    private static final Room ROOM = new Room(1_000_000, 1L << 30);

    private static MemoryDisk old() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (InputStream archive = UpgradeTest.class.getResourceAsStream("/com/evefan/upgrade/data-0.1.tar.gz");
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GzipCompressorInputStream(Objects.requireNonNull(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = Path.of(entry.getName()).getFileName().toString();
                if (entry.isFile() && entry.getName().startsWith("journal/") && !name.equals("lock")) {
                    disk.put(name, tar.readAllBytes());
                }
            }
        }
        return disk;
    }

    private static LocalJournal open(MemoryDisk disk) {
        return open(disk, Duration.ofDays(1), 128 << 10);
    }

    private static LocalJournal open(MemoryDisk disk, Duration retention, int segmentBytes) {
        JournalSettings settings = new JournalSettings(Path.of("memory"), retention, 1 << 30, 0, segmentBytes, 1_000);
        return LocalJournal.open(settings, disk, events -> {}, Duration.ofMillis(1));
    }

    private static List<String> ids(String prefix, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static List<String> owedByHanging() {
        List<String> owed = new ArrayList<>(ids("outage", 0, 400));
        owed.add("bad-2");
        owed.addAll(ids("last", 0, 60));
        return owed;
    }

    private static void assertTakenOver(LocalJournal journal) throws InterruptedException {
        for (String destination : List.of("failing", "steady", "hanging")) {
            boolean hanging = destination.equals("hanging");
            List<String> owed = hanging ? owedByHanging() : ids("last", 10, 60);
            var place = journal.place(destination, Start.END);
            Status before = place.status();
            assertThat(before.pending()).isEqualTo(owed.size());
            assertThat(before.accepted()).isEqualTo(owed.size());
            place.open(ROOM);
            assertThat(drain(journal, destination, 0)).isEqualTo(owed);
            assertThat(place.status().pending()).isZero();
            assertThat(place.status().lost()).isZero();
            assertThat(place.status().accepted()).isEqualTo(owed.size());
        }
    }

    @Test
    void givesEachDestinationWhatItWasOwedInOrder() throws Exception {
        MemoryDisk disk = old();
        try (LocalJournal journal = open(disk)) {
            assertTakenOver(journal);
            assertThat(journal.status().damage()).isEmpty();
            append(journal, batch("new"));
            assertThat(drain(journal, "steady", 0)).containsExactly("new");
        }
        try (LocalJournal again = open(disk)) {
            assertThat(again.places())
                    .allSatisfy(place -> assertThat(place.status().pending()).isZero());
        }
        assertThat(disk.names()).noneMatch(name -> name.endsWith(".journal"));
        assertThat(disk.names()).filteredOn(name -> name.endsWith(".adopted")).hasSize(5);
    }

    @Test
    void takesOverWhatIsOlderThanTheRetention() throws Exception {
        MemoryDisk disk = old();
        disk.fault(number -> LockSupport.parkNanos(8_000_000)); // time for the thread that deletes
        try (LocalJournal journal = open(disk, Duration.ZERO, 64 << 10)) {
            disk.fault(number -> {});
            assertTakenOver(journal);
        }
    }

    @Test
    void takesOverManyRecordsWithFewSyncs() throws Exception {
        try (LocalJournal journal = open(old())) {
            assertThat(journal.status().syncs()).isLessThan(30);
        }
    }

    @Test
    void takesOverAnewWhatALossOfPowerInterrupted() throws Exception {
        MemoryDisk disk = old();
        MemoryDisk before = disk.copy();
        open(disk).close();
        for (int operations = 0; operations <= disk.operations(); operations += 3) {
            for (Survival survival : List.of(Survival.ALL, Survival.NOTHING, Survival.some(operations))) {
                MemoryDisk left = disk.afterPowerLoss(before, operations, survival);
                try (LocalJournal journal = open(left)) {
                    assertTakenOver(journal);
                }
            }
        }
    }

    @Test
    void takesOverWhatCanBeReadOfADamagedJournal() throws Exception {
        MemoryDisk disk = old();
        disk.bytes("events-3.journal")[30_000] ^= 1;

        try (LocalJournal journal = open(disk)) {
            journal.place("hanging", Start.END).open(ROOM);
            List<String> handed = drain(journal, "hanging", 0);
            assertThat(handed).hasSizeBetween(400, 460);
            assertThat(owedByHanging()).containsSubsequence(handed);
            assertThat(journal.status().damage()).anyMatch(damage -> damage.startsWith("events-3.journal at byte "));
        }
    }
}
