package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static com.evefan.journal.TestEvents.drain;
import static com.evefan.journal.TestEvents.many;
import static com.evefan.journal.TestEvents.takeAll;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.Person;
import com.evefan.journal.Handover;
import com.evefan.journal.History;
import com.evefan.journal.History.Erased;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.Stage;
import com.evefan.journal.Place.Tally;
import com.evefan.journal.Start;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Finding, reading and erasing what is kept. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistoryTest {
    private static final Room ROOM = new Room(1_000_000, 1L << 30);
    private static final Person ANNA = new Person(Set.of("anna"), Set.of("anon-anna"));

    @TempDir
    Path directory;

    private LocalJournal journal;

    @BeforeEach
    void open() {
        journal = LocalJournal.open(settings(Duration.ofDays(10_000)));
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private JournalSettings settings(Duration retention) {
        return new JournalSettings(directory, retention, 64 << 20, 0, 256 << 10, 1_000);
    }

    private History history() {
        return journal.history();
    }

    private static EventBatch of(String json) {
        return EventBatch.of(EventCodec.decode(json.getBytes(UTF_8)));
    }

    private static EventBatch from(String userId, String messageId) {
        return of("{\"type\":\"track\",\"messageId\":\"" + messageId + "\",\"evefan.id\":\"web:" + messageId
                + "\",\"source\":\"web\",\"timestamp\":\"2026-03-02T01:11:22.000Z\",\"receivedAt\":"
                + "\"2026-03-02T01:11:22.000Z\",\"userId\":\"" + userId + "\",\"event\":\"Secret Thing\"}");
    }

    /** Three segments and a part of one. */
    private void fill() {
        for (int i = 0; i < 10; i++) {
            append(journal, many("f" + i + "-", 100, 800));
        }
    }

    private List<String> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file, ISO_8859_1));
            }
        }
        return all.toString();
    }

    private List<Event> read(long from) {
        List<Event> events = new ArrayList<>();
        try (History.Cursor cursor = history().from(from)) {
            for (History.Page page = cursor.next(Long.MAX_VALUE - 1);
                    page != null && !page.events().isEmpty();
                    page = cursor.next(Long.MAX_VALUE - 1)) {
                events.addAll(page.events());
            }
        }
        return events;
    }

    @Test
    void findsAnEventByItsIdInEverySegmentAndInWhatIsWritten() throws Exception {
        fill();
        append(journal, from("anna", "last"));
        await().until(() -> files(".index").size() == files(".segment").size() - 1);

        for (String id : List.of("f0-0", "f4-50", "f9-99", "last")) {
            assertThat(history().find(id, 10))
                    .singleElement()
                    .satisfies(found -> assertThat(found.event().messageId()).isEqualTo(id));
        }
        assertThat(history().find("f4-50", 10).get(0).position()).isEqualTo(450);
        assertThat(history().find("web:last", 10)).hasSize(1);
        assertThat(history().find("nobody", 10)).isEmpty();
    }

    @Test
    void findsAllTheSameWhereAnIndexIsDamagedAndMakesWhatIsMissing() throws Exception {
        // Given
        fill();
        journal.close();
        try (LocalJournal unused = LocalJournal.open(settings(Duration.ofDays(10_000)))) {
            await().until(() -> files(".index")
                    .equals(files(".segment").stream()
                            .map(name -> name + ".index")
                            .toList()));
        }
        List<String> all = files(".index");
        Files.delete(directory.resolve(all.get(0)));
        byte[] bytes = Files.readAllBytes(directory.resolve(all.get(1)));
        bytes[5_000] ^= 1;
        Files.write(directory.resolve(all.get(1)), bytes);
        Files.writeString(directory.resolve("000000009999.segment.index"), "of a segment that is gone");

        // When
        open();

        // Then
        for (int i = 0; i < 10; i++) {
            assertThat(history().find("f" + i + "-7", 10)).hasSize(1);
        }
        await().until(() -> files(".index").equals(all));
    }

    @Test
    void findsThousandsOfIdsAndNoOthers() throws Exception {
        for (int i = 0; i < 10; i++) {
            append(journal, many("g" + i + "-", 1_000, 0));
        }
        journal.close();
        open();
        await().until(() -> files(".index").size() == files(".segment").size());

        for (int i = 0; i < 10_000; i += 7) {
            List<History.Found> found = history().find("g" + i / 1_000 + "-" + i % 1_000, 2);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).position()).isEqualTo(i);
            assertThat(history().find("h" + i, 2)).isEmpty();
        }
    }

    @Test
    void findsAPersonsLastEventsInEverySegmentAndInWhatIsWritten() throws Exception {
        for (int i = 0; i < 10; i++) {
            append(journal, many("f" + i + "-", 50, 800));
            append(journal, from(i % 3 == 0 ? "anna" : "bert", "p" + i));
            append(journal, many("g" + i + "-", 50, 800));
        }
        append(
                journal,
                of("{\"type\":\"track\",\"messageId\":\"escaped\",\"source\":\"web\",\"timestamp\":"
                        + "\"2026-03-02T01:11:22.000Z\",\"receivedAt\":\"2026-03-02T01:11:22.000Z\","
                        + "\"anonymousId\":\"\\u0061non-anna\"}"));
        List<String> newest = List.of("escaped", "p9", "p6", "p3", "p0");

        assertThat(idsOf(ANNA, 10)).isEqualTo(newest);
        await().until(() -> files(".index").size() == files(".segment").size() - 1);
        assertThat(idsOf(ANNA, 10)).isEqualTo(newest);
        assertThat(idsOf(ANNA, 2)).isEqualTo(newest.subList(0, 2));
        assertThat(idsOf(new Person(Set.of("ann"), Set.of("f0-0")), 10)).isEmpty();
        journal.close();
        open();
        assertThat(idsOf(ANNA, 10)).isEqualTo(newest);
        history().erase(ANNA, false, () -> true);
        assertThat(idsOf(ANNA, 10)).isEmpty();
        await().until(() -> files(".index").size() == files(".segment").size());
        assertThat(idsOf(ANNA, 10)).isEmpty();
        assertThat(idsOf(new Person(Set.of("bert"), Set.of()), 10)).hasSize(6);
    }

    private List<String> idsOf(Person person, int most) {
        List<String> ids = history().find(person, most).stream()
                .map(found -> found.event().messageId())
                .toList();
        List<String> scanned = new HistoryAsOthersHaveIt(history())
                .find(person, most).stream()
                        .map(found -> found.event().messageId())
                        .toList();
        assertThat(scanned).isEqualTo(ids); // the way of a journal without an index
        return ids;
    }

    @Test
    void saysWhereAnEventStandsForEachPlace() throws Exception {
        // Given
        append(journal, batch("before"));
        Place place = journal.place("hook", Start.END);
        place.open(new Room(1, 1));
        append(journal, batch("a"));
        Handover first = takeAll(journal).get(0);
        place.count(new Tally(1, 0, 0, 0));
        first.batch().acknowledge("hook");
        append(journal, batch("b"));
        takeAll(journal);
        append(journal, batch("c", "d"));

        // Then
        assertThat(place.standing(0).stage()).isEqualTo(Stage.NOT_OWED);
        assertThat(place.standing(1).stage()).isEqualTo(Stage.PASSED);
        assertThat(place.standing(2).stage()).isEqualTo(Stage.IN_HAND);
        assertThat(place.standing(3).stage()).isEqualTo(Stage.WAITING);
        assertThat(place.standing(4)).isEqualTo(new Place.Standing(Stage.WAITING, 2));
        place.remove();
        append(journal, batch("after"));
        assertThat(place.standing(5).stage()).isEqualTo(Stage.NOT_OWED);
        assertThat(place.standing(4).stage()).isEqualTo(Stage.WAITING);
    }

    @Test
    void keepsForAReaderWhatIsOlderThanTheRetention() throws Exception {
        journal.close();
        journal = LocalJournal.open(settings(Duration.ofMillis(1)));
        history().hold("replay", 0);
        fill();
        int before = files(".segment").size();
        append(journal, batch("x"));
        await().pollDelay(Duration.ofMillis(500)).until(() -> files(".segment").size() == before);

        history().release("replay");

        await().until(() -> files(".segment").size() < before);
        assertThat(history().kept().first()).isPositive();
        try (History.Cursor cursor = history().from(0)) {
            assertThat(cursor.next(1_000_000).missing())
                    .isEqualTo(history().kept().first());
        }
    }

    @Test
    void erasesAPersonFromEveryFileAndLeavesEverythingElseWhereItIs() throws Exception {
        // Given
        Place place = journal.place("hook", Start.END);
        append(journal, from("anna", "first-of-anna"));
        fill();
        append(journal, from("bert", "of-bert"));
        append(
                journal,
                of("{\"type\":\"alias\",\"messageId\":\"alias-of-anna\",\"source\":\"web\",\"timestamp\":"
                        + "\"2026-03-02T01:11:22.000Z\",\"receivedAt\":\"2026-03-02T01:11:22.000Z\","
                        + "\"userId\":\"new\",\"previousId\":\"anna\",\"x\":\"Secret Thing\"}"));
        append(
                journal,
                of("{\"type\":\"page\",\"messageId\":\"p\",\"source\":\"web\",\"timestamp\":"
                        + "\"2026-03-02T01:11:22.000Z\",\"receivedAt\":\"2026-03-02T01:11:22.000Z\","
                        + "\"anonymousId\":\"anon-anna\"}"));
        List<Event> before = read(0);
        assertThat(history().erase(ANNA, true, () -> true).events()).isEqualTo(3);
        assertThat(everything()).contains("first-of-anna", "alias-of-anna");

        // When
        Erased erased = history().erase(ANNA, false, () -> true);

        // Then
        assertThat(erased.events()).isEqualTo(3);
        assertThat(erased.left()).isEmpty();
        assertThat(erased.oldest()).isEqualTo(Instant.parse("2026-03-02T01:11:22.000Z"));
        assertThat(everything())
                .doesNotContain("anna\"", "first-of-anna", "alias-of-anna", "anon-anna")
                .contains("of-bert");
        List<Event> after = read(0);
        assertThat(after).hasSameSizeAs(before);
        assertThat(history().find("of-bert", 1).get(0).position()).isEqualTo(1_001);
        assertThat(history().find("first-of-anna", 1)).isEmpty();
        assertThat(history().erase(ANNA, false, () -> true).events()).isZero();
        append(journal, batch("later"));
        journal.close();
        open();
        assertThat(journal.status().damage()).isEmpty();
        assertThat(read(0)).hasSize(before.size() + 1);
        place = journal.place("hook", Start.END);
        place.open(ROOM);
        List<String> delivered = new ArrayList<>();
        for (Handover next = journal.take(20); next != null; next = journal.take(20)) {
            next.batch().forDestination("hook").events().forEach(event -> delivered.add(event.messageId()));
            next.batch().acknowledge("hook");
        }
        assertThat(delivered).hasSize(1_002).contains("of-bert", "later").doesNotContain("-");
        assertThat(drain(journal, "hook")).isEmpty();
    }

    @Test
    void handsOutNothingOfAPersonThatWasReadBefore() throws Exception {
        Place place = journal.place("hook", Start.END);
        place.open(new Room(1, 1));
        append(journal, batch("a"));
        Handover first = takeAll(journal).get(0);
        append(journal, from("anna", "of-anna"));

        history().erase(ANNA, false, () -> true);

        first.batch().acknowledge("hook");
        Handover next = takeAll(journal).get(0);
        assertThat(next.batch().events()).hasSize(1);
        assertThat(next.batch().forDestination("hook").events()).isEmpty();
    }

    @Test
    void handsOutNothingOfAPersonThatWasReadWhileItWasErased() throws Exception {
        append(journal, from("anna", "of-anna"));
        append(journal, batch("a"));
        journal.close();
        RealDisk real = RealDisk.open(directory);
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        Disk slow = (Disk) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(real, arguments);
                    if (method.getName().equals("open")) {
                        meanwhile.getAndSet(() -> {}).run(); // the old file is open, and is read after this
                    }
                    return result;
                });
        journal = LocalJournal.open(settings(Duration.ofDays(10_000)), slow, events -> {}, Duration.ofMillis(1));
        Place place = journal.place("hook", Start.EARLIEST);
        place.open(ROOM);
        AtomicReference<Erased> erased = new AtomicReference<>();

        meanwhile.set(() -> erased.set(history().erase(ANNA, false, () -> true)));
        Handover next = takeAll(journal).get(0);

        assertThat(erased.get().events()).isEqualTo(1);
        assertThat(erased.get().inHand()).isEmpty();
        assertThat(next.batch().events()).hasSize(2);
        assertThat(next.batch().forDestination("hook").events()).hasSize(1);
    }

    /** Without what the local journal knows better. */
    private record HistoryAsOthersHaveIt(History all) implements History {
        @Override
        public Kept kept() {
            return all.kept();
        }

        @Override
        public long since(Instant time) {
            return all.since(time);
        }

        @Override
        public Cursor from(long position) {
            return all.from(position);
        }

        @Override
        public List<Found> find(String id, int most) {
            return all.find(id, most);
        }

        @Override
        public void hold(String reader, long position) {
            all.hold(reader, position);
        }

        @Override
        public void release(String reader) {
            all.release(reader);
        }

        @Override
        public Erased erase(Person person, boolean dryRun, BooleanSupplier goOn) {
            return all.erase(person, dryRun, goOn);
        }
    }

    @Test
    void saysWhatIsInHandAndMayStillBeDelivered() throws Exception {
        journal.place("hook", Start.END).open(ROOM);
        append(journal, from("anna", "of-anna"));
        takeAll(journal);

        Erased erased = history().erase(ANNA, false, () -> true);

        assertThat(erased.inHand()).containsOnly(java.util.Map.entry("hook", 1L));
    }

    @Test
    void losesNothingWhenItIsKilledWhileAFileIsRewritten() throws Exception {
        append(journal, from("anna", "of-anna"));
        append(journal, batch("a"));
        journal.close();
        String segment = files(".segment").get(0);
        Files.writeString(directory.resolve(segment + ".new"), "half of it");

        open();

        assertThat(files(".new")).doesNotContain(segment + ".new");
        assertThat(read(0)).hasSize(2);
    }
}
