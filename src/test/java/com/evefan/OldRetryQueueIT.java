package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Evefan 0.1 left in the broker and in its counters, killed in the middle; see upgrade/README.md in the resources. */
class OldRetryQueueIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void isDeliveredInOrderBeforeAnythingElseAndIsGone() throws Exception {
        // Given
        Path data = Files.createDirectory(directory.resolve("data"));
        unpack(data);
        // What the journal owes is another test's.
        deleteRecursively(data.resolve("journal"));
        try (WebHook failing = WebHook.start("failing");
                WebHook steady = WebHook.start("steady")) {
            failing.routeTo(directory);
            steady.routeTo(directory);
            failing.answer(events -> 500);
            try (RunningEvefan evefan =
                    RunningEvefan.start(data, TwoDestinations.properties(directory, java.util.Map.of()))) {
                Operator operator = new Operator(evefan.url());

                // When
                operator.send("new-", 0, 10);
                await().atMost(LIMIT).until(() -> failing.requests() > 0);
                failing.answer(events -> 200);

                // Then
                await().atMost(LIMIT).until(() -> failing.taken().contains("new-9"));
                List<String> expected = new ArrayList<>(TwoDestinations.ids("outage-", 400));
                expected.add("bad-2");
                // The kill found some of these in the queue and in the journal.
                expected.addAll(TwoDestinations.ids(
                        "last-", TwoDestinations.taken(failing, "last-").size()));
                expected.addAll(TwoDestinations.ids("new-", 10));
                assertThat(failing.taken()).isEqualTo(expected).contains("last-9");
                await().atMost(LIMIT).until(() -> steady.taken().size() == 10);

                // Then: delivered before the upgrade, in the retry queue, and since
                await().atMost(LIMIT).until(() -> operator.count("failing", "delivered") == 102 + expected.size());
                JsonNode steadyHealth = operator.health("steady");
                assertThat(steadyHealth.path("rejected").asLong()).isEqualTo(3);
                assertThat(steadyHealth.path("deadLetters").asLong()).isEqualTo(3);

                // Then: old dead letters can be read and replayed
                JsonNode letters =
                        operator.json("GET", "/v1/dead-letters/steady").path("deadLetters");
                assertThat(letters).hasSize(3);
                assertThat(letters.path(2).path("event").path("messageId").asText())
                        .isEqualTo("bad-2");
                assertThat(operator.json("POST", "/v1/dead-letters/steady/replay")
                                .path("delivered")
                                .asLong())
                        .isEqualTo(3);
                assertThat(operator.count("steady", "deadLetters")).isZero();
            }
        }
    }

    private static void unpack(Path data) throws IOException, InterruptedException {
        Path archive = data.resolveSibling("data.tar.gz");
        try (InputStream in = OldRetryQueueIT.class.getResourceAsStream("upgrade/data-0.1.tar.gz")) {
            Files.copy(in, archive);
        }
        assertThat(new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", data.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(data.resolve("activemq")).isDirectory();
    }

    private static void deleteRecursively(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
