package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.drain;
import static com.evefan.journal.TestEvents.ids;
import static com.evefan.journal.TestEvents.many;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.Person;
import com.evefan.journal.History.Erased;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Start;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are not as they were written. Four segments: 60 events in 20 records of 3. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamageTest {
    private static final int RECORDS = 20;
    private static final Room ROOM = new Room(1_000_000, 1L << 30);

    private final List<String> all = new ArrayList<>();
    private MemoryDisk disk = new MemoryDisk();

    @BeforeEach
    void write() throws InterruptedException {
        try (LocalJournal journal = open(disk)) {
            journal.place("hook", Start.END);
            for (int i = 0; i < RECORDS; i++) {
                append(journal, many(i + "-", 3, 3_500));
                all.addAll(ids(many(i + "-", 3, 0)));
            }
        }
        assertThat(segments()).hasSize(4);
    }

    private static LocalJournal open(MemoryDisk disk) {
        JournalSettings settings =
                new JournalSettings(Path.of("memory"), Duration.ofDays(1), 1 << 30, 0, 64 << 10, 1_000);
        return LocalJournal.open(settings, disk, events -> {}, Duration.ofMillis(1));
    }

    private List<String> segments() {
        return disk.names().stream().filter(name -> Segment.sequence(name) >= 0).toList();
    }

    /** What {@code hook} is handed; it and the journal account for all that is missing. */
    private List<String> handed() throws InterruptedException {
        try (LocalJournal journal = open(disk)) {
            Place hook = journal.place("hook", Start.END);
            hook.open(ROOM);
            List<String> handed = drain(journal, "hook", 0);
            assertThat(all).containsSubsequence(handed);
            assertThat(hook.status().lost()).isEqualTo(all.size() - handed.size());
            assertThat(hook.status().accepted()).isEqualTo(all.size());
            if (handed.size() < all.size()) {
                assertThat(journal.status().damage()).isNotEmpty();
            }
            append(journal, batch("after"));
            assertThat(drain(journal, "hook", 0)).endsWith("after");
            return handed;
        }
    }

    @Test
    void losesOneRecordAtMostWhereABitFlips() throws Exception {
        MemoryDisk whole = disk;
        Random random = new Random(7);
        List<String> names = whole.names();
        for (int i = 0; i < 400; i++) {
            disk = whole.copy();
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = disk.bytes(name);
            int at = i % 4 == 0 ? random.nextInt(Math.min(bytes.length, 110)) : random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));

            List<String> handed = handed();

            assertThat(handed).as("%s at byte %d", name, at).hasSizeGreaterThanOrEqualTo(all.size() - 3);
        }
    }

    @Test
    void namesFilePositionAndEventsOfWhatCannotBeRead() throws Exception {
        String second = segments().get(1);
        disk.bytes(second)[Segment.HEAD + 100] ^= 1;

        try (LocalJournal journal = open(disk)) {
            journal.place("hook", Start.END).open(ROOM);
            List<String> handed = drain(journal, "hook", 0);

            assertThat(handed).hasSize(57).doesNotContain("5-0", "5-1", "5-2");
            assertThat(journal.status().damage())
                    .first()
                    .isEqualTo(second + " at byte 64: 3 events cannot be read (from position 15)");
        }
    }

    @Test
    void passesOverWhatTheDiskCannotReadAfterSomeTries() throws Exception {
        try (LocalJournal journal = open(disk)) {
            disk.unreadable(segments().get(1), 30_000);
            Place hook = journal.place("hook", Start.END);
            hook.open(ROOM);
            List<String> handed = new ArrayList<>();

            for (int i = 0; i < 50; i++) {
                handed.addAll(drain(journal, "hook", 0));
            }

            assertThat(handed).hasSize(57);
            assertThat(hook.status().lost()).isEqualTo(3);
            assertThat(journal.status().damage()).first().asString().contains("Input/output error");
        }
    }

    @Test
    void passesOverAFileThatIsLostWhileItRuns() throws Exception {
        try (LocalJournal journal = open(disk)) {
            Place hook = journal.place("hook", Start.END);
            disk.delete(segments().get(1));
            assertThat(journal.history().find("0-0", 10)).hasSize(1);
            assertThat(journal.history().find("10-0", 10)).hasSize(1);
            assertThat(journal.history().find("5-0", 10)).isEmpty();
            hook.open(ROOM);
            assertThat(drain(journal, "hook", 0)).isEqualTo(all.subList(0, 15));
            List<String> handed = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                handed.addAll(drain(journal, "hook", 0));
            }

            assertThat(handed).isEqualTo(all.subList(30, 60));
            assertThat(hook.status().lost()).isEqualTo(15);
            assertThat(journal.status().damage()).anyMatch(damage -> damage.contains("is gone while Evefan runs"));
        }
    }

    @Test
    void erasesWhatCanBeReadAndSaysWhatCannot() throws Exception {
        Person anna = new Person(Set.of("anna"), Set.of());
        disk = new MemoryDisk();
        try (LocalJournal journal = open(disk)) {
            Place hook = journal.place("hook", Start.END);
            for (int i = 0; i < RECORDS; i++) {
                append(journal, many(i + "-", 3, 3_500));
                append(journal, of(anna, i));
            }
            String broken = segments().get(1);
            disk.unreadable(broken, 30_000);

            Erased first = journal.history().erase(anna, false, () -> true);

            assertThat(first.left()).anyMatch(left -> left.contains(broken) && left.contains("Input/output error"));
            assertThat(first.left()).anyMatch(left -> left.contains("once every destination has had what is in it"));
            assertThat(first.events()).isGreaterThanOrEqualTo(RECORDS - 1);
            assertThat(withAnna()).containsExactly(broken);
            assertThat(journal.history().find("19-2", 1)).hasSize(1);

            // When
            hook.open(ROOM);
            for (int i = 0; i < 50; i++) {
                drain(journal, "hook", 0);
            }
            Erased second = journal.history().erase(anna, false, () -> true);

            // Then
            assertThat(second.left()).noneMatch(left -> left.contains("once every destination"));
            assertThat(withAnna()).isEmpty();
        }
    }

    private static EventBatch of(Person person, int number) {
        return EventBatch.of(EventCodec.decode(("{\"type\":\"track\",\"messageId\":\"a" + number
                        + "\",\"source\":\"web\",\"timestamp\":\"2026-03-02T01:11:22.000Z\",\"receivedAt\":"
                        + "\"2026-03-02T01:11:22.000Z\",\"userId\":\""
                        + person.userIds().iterator().next() + "\",\"event\":\"" + "x".repeat(200) + "\"}")
                .getBytes(UTF_8)));
    }

    private List<String> withAnna() {
        return segments().stream()
                .filter(name -> new String(disk.bytes(name), ISO_8859_1).contains("\"anna\""))
                .toList();
    }

    @Test
    void countsAsLostWhatThePlacesKnowOfALastFileThatCannotBeRead() throws Exception {
        String last = segments().get(3);
        disk.put(last, new byte[64 << 10]);

        for (int start = 0; start < 3; start++) {
            try (LocalJournal journal = open(disk)) {
                Place hook = journal.place("hook", Start.END);
                assertThat(hook.status().accepted()).isEqualTo(all.size());
                if (start == 1) {
                    hook.open(ROOM);
                    int handed = drain(journal, "hook", 0).size();
                    assertThat(hook.status().lost()).isPositive().isEqualTo(all.size() - handed);
                }
            }
        }
    }

    @Test
    void readsOnBehindALostFile() throws Exception {
        disk.delete(segments().get(1));

        assertThat(handed()).hasSize(45);
    }

    @Test
    void takesNoPositionTwiceWhereTheLastFileIsLost() throws Exception {
        disk.delete(segments().get(3));

        assertThat(handed()).hasSize(45);
    }

    @Test
    void readsOnBehindAFileThatWasCutShort() throws Exception {
        for (int length : List.of(0, 10, 64, 100, 20_000)) {
            MemoryDisk whole = disk.copy();
            String second = segments().get(1);
            disk.put(second, Arrays.copyOf(disk.bytes(second), length));

            assertThat(handed()).as("cut to %d", length).hasSize(45 + (length == 20_000 ? 3 : 0));
            disk = whole;
        }
    }

    @Test
    void leavesAFileOfSomethingElseAlone() throws Exception {
        String foreign = Segment.name(99);
        disk.put(foreign, "not a journal".getBytes(StandardCharsets.UTF_8));
        disk.put("notes.txt", "by the operator".getBytes(StandardCharsets.UTF_8));

        assertThat(handed()).isEqualTo(all);
        assertThat(disk.bytes(foreign)).asString().isEqualTo("not a journal");
        assertThat(disk.bytes("notes.txt")).asString().isEqualTo("by the operator");
    }

    @Test
    void keepsAFileOfANewerEvefanForIt() throws Exception {
        // Given
        String last = segments().get(3);
        ByteBuffer head = ByteBuffer.wrap(disk.bytes(last));
        byte[] written = disk.bytes(last).clone();
        head.putInt(4, Segment.VERSION + 1);
        Segment.sign(head);

        // When
        try (LocalJournal journal = open(disk)) {
            journal.place("hook", Start.END).open(ROOM);
            assertThat(drain(journal, "hook", 0)).isEqualTo(all.subList(0, 45));
            assertThat(journal.status().damage()).anyMatch(damage -> damage.contains("has format version 2"));
            append(journal, batch("after"));
            assertThat(drain(journal, "hook", 0)).containsExactly("after");
        }

        // Then
        disk.put(last, written);
        try (LocalJournal journal = open(disk)) {
            journal.place("again", Start.EARLIEST).open(ROOM);
            List<String> expected = new ArrayList<>(all);
            expected.add("after");
            assertThat(drain(journal, "again", 0)).isEqualTo(expected);
        }
    }

    @Test
    void beginsWithTheEarliestEventWhereThePlacesAreLost() throws Exception {
        disk.delete("places");
        disk.delete("places.safe");
        MemoryDisk killed;
        try (LocalJournal journal = open(disk)) {
            assertThat(journal.places()).isEmpty();
            killed = disk.copy();
        }

        disk = killed;
        assertThat(handed()).isEqualTo(all);
        try (LocalJournal stopped = open(disk)) {
            assertThat(stopped.place("new", Start.END).status().pending()).isZero();
        }
    }

    @Test
    void keepsWhatIsOldUntilADestinationHasAPlaceWhereThePlacesAreLost() throws Exception {
        disk.delete("places");
        disk.delete("places.safe");
        JournalSettings impatient = new JournalSettings(Path.of("memory"), Duration.ZERO, 1 << 30, 0, 64 << 10, 1_000);
        try (LocalJournal journal = LocalJournal.open(impatient, disk, events -> {}, Duration.ofMillis(1))) {
            await().until(() -> disk.names().contains("places")); // the thread that deletes has been there

            journal.place("hook", Start.END).open(ROOM);

            assertThat(drain(journal, "hook", 0)).isEqualTo(all);
        }
    }

    @Test
    void countsWhatIsPendingOnceHoweverOftenItStartsBesideAFileThatCannotBeRead() throws Exception {
        Arrays.fill(disk.bytes(segments().get(3)), (byte) 7);
        ByteBuffer head = new Segment(4, 45, 0, 0, 64 << 10).head();
        head.putInt(4, Segment.VERSION + 1);
        Segment.sign(head).get(0, disk.bytes(segments().get(3)), 0, Segment.HEAD);
        for (int start = 0; start < 3; start++) {
            try (LocalJournal journal = open(disk)) {
                Place hook = journal.place("hook", Start.END);
                assertThat(hook.status().pending()).as("start %d", start).isEqualTo(60);
                hook.remove();
                hook = journal.place("hook", Start.END);
                assertThat(hook.status().pending()).as("start %d", start).isEqualTo(60);
            }
        }
        try (LocalJournal journal = open(disk)) {
            Place hook = journal.place("hook", Start.END);
            hook.open(ROOM);
            assertThat(drain(journal, "hook", 0)).isEqualTo(all.subList(0, 45));
            assertThat(hook.status().lost()).isEqualTo(15);
            assertThat(hook.status().pending()).isZero();
        }
    }

    @Test
    void losesNothingThatIsAppendedBesideAFileThatCannotBeReadHoweverOftenItStarts() throws Exception {
        MemoryDisk whole = disk;
        for (int file : List.of(1, 3)) {
            for (int way = 0; way < 5; way++) {
                for (int takes :
                        List.of(0, 1, 2, 5)) { // a bit for each start at which the destination takes what there is
                    disk = whole.copy();
                    damage(segments().get(file), file + 1, way);
                    List<String> expected = new ArrayList<>();
                    List<String> handed = new ArrayList<>();
                    String what = "file " + file + ", way " + way + ", takes " + takes;
                    for (int start = 0; start < 4; start++) {
                        try (LocalJournal journal = open(disk)) {
                            Place hook = journal.place("hook", Start.END);
                            if ((takes >> start & 1) == 1) {
                                hook.open(ROOM);
                                handed.addAll(drain(journal, "hook", 0));
                            }
                            append(journal, batch(start + "-new"));
                            expected.add(start + "-new");
                            if (start == 3) {
                                hook.open(ROOM);
                                for (int i = 0; i < 30; i++) { // what the disk cannot read is tried again
                                    handed.addAll(drain(journal, "hook", 0));
                                }
                                Place.Status status = hook.status();
                                assertThat(status.pending()).as(what).isZero();
                                assertThat(status.accepted()).as(what).isEqualTo(64);
                                assertThat(status.lost()).as(what).isEqualTo(64 - handed.size());
                            }
                        }
                    }
                    assertThat(handed).as(what).doesNotHaveDuplicates().containsSubsequence(expected);
                    handed.removeAll(expected);
                    assertThat(all).as(what).containsSubsequence(handed);
                    assertThat(handed).as(what).hasSizeGreaterThanOrEqualTo(all.size() - 15);
                }
            }
        }
    }

    private void damage(String name, int sequence, int way) throws IOException {
        switch (way) {
            case 0 -> Arrays.fill(disk.bytes(name), (byte) 7);
            case 1 -> disk.delete(name);
            case 2 -> disk.put(name, Arrays.copyOf(disk.bytes(name), 10));
            case 3 -> {
                Arrays.fill(disk.bytes(name), (byte) 7);
                ByteBuffer head = new Segment(sequence, 15L * (sequence - 1), 0, 0, 64 << 10).head();
                head.putInt(4, Segment.VERSION + 1);
                Segment.sign(head).get(0, disk.bytes(name), 0, Segment.HEAD);
            }
            default -> disk.unreadable(name, 0);
        }
    }

    @Test
    void opensWhateverTheDiskCannotRead() throws Exception {
        MemoryDisk whole = disk;
        for (int file = 0; file < 4; file++) {
            for (int at : List.of(0, 100, 4_000, 30_000, 60_000)) {
                disk = whole.copy();
                disk.unreadable(segments().get(file), at);
                List<String> handed = new ArrayList<>();
                try (LocalJournal journal = open(disk)) {
                    journal.place("hook", Start.END).open(ROOM);
                    for (int i = 0; i < 50; i++) {
                        handed.addAll(drain(journal, "hook", 0));
                    }
                    append(journal, batch("after"));
                    assertThat(drain(journal, "hook", 0)).containsExactly("after");
                    assertThat(journal.status().damage())
                            .as("file %d at byte %d", file, at)
                            .isNotEmpty();
                }
                assertThat(all).containsSubsequence(handed);
                assertThat(handed).as("file %d at byte %d", file, at).hasSizeGreaterThanOrEqualTo(54);
            }
        }
    }

    @Test
    void fallsBackToTheOlderPlacesWhereTheNewestAreDamaged() throws Exception {
        try (LocalJournal journal = open(disk)) {
            journal.place("hook", Start.END).open(ROOM);
            drain(journal, "hook", 0);
        }
        disk.put("places", "nothing".getBytes(StandardCharsets.UTF_8));

        try (LocalJournal journal = open(disk)) {
            assertThat(journal.place("hook", Start.END).status().pending()).isZero();
            assertThat(journal.status().damage()).containsExactly("places cannot be read: its checksum is wrong");
        }
    }

    @Test
    void opensADirectoryOfNothingButRubbish() throws IOException, InterruptedException {
        Random random = new Random(3);
        for (String name : disk.names()) {
            random.nextBytes(disk.bytes(name));
        }

        try (LocalJournal journal = open(disk)) {
            assertThat(journal.status().damage()).isNotEmpty();
            journal.place("hook", Start.END).open(ROOM);
            append(journal, batch("after"));
            assertThat(drain(journal, "hook", 0)).containsExactly("after");
        }
    }
}
