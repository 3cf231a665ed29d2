package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.drain;
import static com.evefan.journal.TestEvents.many;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.Status;
import com.evefan.journal.Start;
import com.evefan.journal.local.MemoryDisk.Survival;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
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

    /** Records of one large event each, which {@code hook} owes. */
    private static MemoryDisk large(int records) {
        ByteBuffer file = ByteBuffer.allocate(records * 11_000);
        file.putInt(2).putInt(1).putLong(7);
        byte[] owes = "hook".getBytes(UTF_8);
        for (int id = 0; id < records; id++) {
            byte[] event = many(id + "-", 1, 10_000).events().get(0).json();
            ByteBuffer body = ByteBuffer.allocate(24 + event.length + 1);
            body.put((byte) 1).putInt(0).putInt(1).putLong(0).put((byte) 1);
            body.putShort((short) owes.length).put(owes).put(event).put((byte) '\n');
            CRC32C checksum = new CRC32C();
            checksum.update(body.get(0));
            checksum.update(body.array(), 5, body.capacity() - 5);
            body.putInt(1, (int) checksum.getValue());
            file.put((byte) 11).putInt(7).put((byte) 0).putLong(id + 1L);
            file.putInt(body.capacity()).put((byte) 0).put(body.rewind()).putInt(body.capacity() + 23);
        }
        MemoryDisk disk = new MemoryDisk();
        disk.put("events-1.journal", file.array());
        return disk;
    }

    @Test
    void takesOverWhatIsOlderThanTheRetention() throws Exception {
        MemoryDisk disk = large(600);
        disk.fault(number -> LockSupport.parkNanos(1_000_000)); // time for the thread that deletes
        LocalJournal first = open(disk, Duration.ZERO, 64 << 10);
        disk.fault(number -> {});
        first.close();
        try (LocalJournal journal = open(disk, Duration.ZERO, 64 << 10)) {
            journal.place("hook", Start.END).open(ROOM);
            assertThat(drain(journal, "hook", 0)).hasSize(600);
        }
    }

    @Test
    void takesOverManyRecordsWithFewSyncs() throws Exception {
        try (LocalJournal journal = open(large(400), Duration.ofDays(1), 8 << 20)) {
            assertThat(journal.status().syncs()).isLessThan(200);
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
