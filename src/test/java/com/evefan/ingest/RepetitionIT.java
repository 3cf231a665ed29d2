package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event that is sent again: by a sender in doubt, by many at once, after a restart. */
class RepetitionIT {
    private static final int SENDERS = 32;

    @TempDir
    Path data;

    @Test
    void keepsOneOfManyThatComeAtOnceAndAnswersAll() throws Exception {
        // Given
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of())) {
            // When
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                answers.add(senders.submit(
                        () -> evefan.post("/v1/page", event("same")).body()));
            }

            // Then
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("{\"success\":true}");
            }
            assertThat(evefan.post("/v1/page", event("same")).body()).isEqualTo("{\"success\":true}");
            SourceCounters counters = dev(evefan);
            assertThat(counters.accepted()).isEqualTo(1);
            assertThat(counters.duplicates()).isEqualTo(SENDERS);
            new Rows(evefan).awaitOne("pages", "same");
        } finally {
            senders.shutdownNow();
        }
    }

    @Test
    void remembersOverARestartWhatIsStillOwedAndLeavesTheRestToTheDestination() throws Exception {
        // Given
        int nobody = RunningEvefan.freePort();
        Map<String, String> away = Map.of("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:" + nobody + "/evefan");
        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of())) {
            evefan.post("/v1/page", event("delivered"));
            new Rows(evefan).awaitOne("pages", "delivered");
        }
        try (RunningEvefan evefan = RunningEvefan.start(data, away)) {
            evefan.post("/v1/page", event("owed"));
        }

        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of())) {
            // When
            evefan.post("/v1/page", event("owed"));
            evefan.post("/v1/page", event("delivered"));
            evefan.post("/v1/page", event("last"));

            // Then
            Rows rows = new Rows(evefan);
            rows.awaitOne("pages", "last");
            rows.awaitOne("pages", "owed");
            rows.awaitOne("pages", "delivered");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(rows.text("select count(*) from pages")).isEqualTo("3"));
        }
    }

    private static SourceCounters dev(RunningEvefan evefan) {
        return evefan.configuration().sources().counters().get("dev");
    }

    private static String event(String id) {
        return "{\"userId\":\"u\",\"messageId\":\"" + id + "\"}";
    }
}
