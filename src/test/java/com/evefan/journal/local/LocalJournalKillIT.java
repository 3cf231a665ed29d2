package com.evefan.journal.local;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.many;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.journal.Handover;
import com.evefan.journal.JournalFullException;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.Tally;
import com.evefan.journal.Start;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL while eight senders append and one destination delivers. */
class LocalJournalKillIT {
    private static final Room ROOM = new Room(1_000_000, 1L << 30);
    private static final Set<String> DELIVERED = new HashSet<>();

    @TempDir
    static Path directory;

    /** The same directory each time, so that each round also starts on what the kill before it left. */
    @RepeatedTest(4)
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void losesNothingThatReturned(RepetitionInfo round) throws Exception {
        // Given
        Set<String> returned = new HashSet<>();

        // When
        appendUntilKilled("r" + round.getCurrentRepetition(), returned);

        // Then
        assertThat(returned).isNotEmpty();
        Set<String> found = new HashSet<>();
        try (LocalJournal journal = LocalJournal.open(LocalJournalTest.small(directory))) {
            Place waits = journal.place("waits", Start.END);
            waits.open(ROOM);
            for (Handover next = journal.take(0); next != null; next = journal.take(0)) {
                next.batch().events().stream().map(Event::messageId).forEach(found::add);
                next.destinations().forEach(next.batch()::acknowledge);
            }
            Place.Status delivers = journal.place("delivers", Start.END).status();
            assertThat(delivers.accepted()).isEqualTo(waits.status().accepted());
            assertThat(delivers.ended().sum()).isEqualTo(delivers.position());
            assertThat(journal.status().damage()).isEmpty();
        }
        assertThat(found).containsAll(returned);
        assertThat(found).noneMatch(DELIVERED::contains);
        DELIVERED.addAll(found);
    }

    private static void appendUntilKilled(String prefix, Set<String> returned) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Child.class.getName(),
                        directory.toString(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int killAfter = ThreadLocalRandom.current().nextInt(100, 1_500);
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(prefix)) {
                    returned.add(line);
                }
                if (returned.size() == killAfter) {
                    child.destroyForcibly();
                }
            }
        } catch (IOException e) {
            // the end of the process closes its output
        }
        child.waitFor();
    }

    /** Appends until it is killed, and prints what has returned. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            LocalJournal journal = LocalJournal.open(LocalJournalTest.small(Path.of(arguments[0])));
            journal.place("waits", Start.END);
            Place delivers = journal.place("delivers", Start.END);
            delivers.open(ROOM);
            for (int sender = 0; sender < 8; sender++) {
                String prefix = arguments[1] + "-" + sender + "-";
                new Thread(() -> send(journal, prefix)).start();
            }
            new Thread(() -> deliver(journal, delivers)).start();
        }

        private static void send(LocalJournal journal, String prefix) {
            for (int i = 0; true; i++) {
                try {
                    append(journal, many(prefix + i + "-", 1, 200 + i % 3_000));
                    System.out.println(prefix + i + "-0"); // one write: lines never mix
                } catch (JournalFullException e) {
                    Thread.onSpinWait();
                }
            }
        }

        private static void deliver(LocalJournal journal, Place delivers) {
            try {
                while (true) {
                    Handover next = journal.take(100);
                    if (next != null) {
                        delivers.count(new Tally(next.batch().size(), 0, 0, 0));
                        next.batch().acknowledge("delivers");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
