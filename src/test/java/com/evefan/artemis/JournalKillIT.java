package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.small;
import static com.evefan.artemis.TestEvents.takeAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
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

class JournalKillIT {
    @TempDir
    static Path directory;

    private static final Set<String> ACKNOWLEDGED = new HashSet<>();

    /** Twenty times the same directory, so that each round also starts on what the kill before it left. */
    @RepeatedTest(4)
    @Timeout(60)
    void losesNothingThatReturned(RepetitionInfo round) throws Exception {
        // Given
        Set<String> returned = new HashSet<>();

        // When
        appendUntilKilled("r" + round.getCurrentRepetition(), returned);

        // Then
        assertThat(returned).isNotEmpty();
        Set<String> found = new HashSet<>();
        try (Journal journal = Journal.open(small(directory))) {
            for (Handover handover : takeAll(journal)) {
                assertThat(handover.destinations()).contains("mixpanel");
                handover.batch().events().stream().map(Event::messageId).forEach(found::add);
                handover.destinations().forEach(handover.batch()::acknowledge);
            }
        }
        assertThat(found).containsAll(returned);
        assertThat(found).noneMatch(ACKNOWLEDGED::contains);
        ACKNOWLEDGED.addAll(found);
    }

    private static void appendUntilKilled(String prefix, Set<String> returned) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        AppendUnderLoad.class.getName(),
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
        } catch (IOException killed) {
            // the pipe ends with the process
        } finally {
            child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
