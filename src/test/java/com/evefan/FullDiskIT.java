package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.PostgresExtension;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A data directory on a small memory disk, which only root may mount; skipped elsewhere. */
class FullDiskIT {
    private static final int DISK_MEGABYTES = 200;

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path temp;

    private final List<String> accepted = new ArrayList<>();
    private int sent;
    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEGABYTES + "m", "tmpfs", disk.toString()))
                .as("mounting a tmpfs, which takes root")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void isAnswered503AndTakesEventsAgainWhenThereIsRoom() throws Exception {
        Map<String, String> properties =
                Map.of("evefan.postgres.url", POSTGRES.settings().url(), "evefan.postgres.schema", POSTGRES.schema());
        try (RunningEvefan evefan = RunningEvefan.start(disk.resolve("data"), properties)) {
            assertThat(send(evefan).statusCode()).isEqualTo(200);

            // When
            Path filler = disk.resolve("filler");
            fill(filler);

            // Then
            // The journal looks at the disk every few milliseconds.
            await().atMost(Duration.ofSeconds(10)).until(() -> send(evefan).statusCode() == 503);
            HttpResponse<String> full = send(evefan);
            assertThat(full.statusCode()).as(full.body()).isEqualTo(503);
            assertThat(full.headers().firstValue("Retry-After")).isPresent();
            assertThat(full.body()).contains("\"success\":false");

            Files.delete(filler);
            await().atMost(Duration.ofSeconds(30)).until(() -> send(evefan).statusCode() == 200);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(Tracks.ids(POSTGRES.settings().url(), POSTGRES.schema()))
                                    .containsExactlyInAnyOrderElementsOf(accepted));
        }
    }

    @Test
    void startsWithoutAnEmbeddedPostgresForWhichThereIsNoRoomAndDeliversOnceThereIs() throws Exception {
        assertThat(run("mount", "-o", "remount,size=60m", disk.toString())).isZero();
        Properties properties = RunningEvefan.overrides(
                disk.resolve("data"),
                Map.of("evefan.journal.segment-bytes", "1048576", "evefan.journal.min-free-bytes", "65536"));
        try (EvefanProcess evefan = EvefanProcess.start(properties, temp.resolve("log"))) {
            assertThat(evefan.output()).contains("whose disk is full");
            Operator operator = new Operator(properties);

            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = RunningEvefan.post(evefan.url(), "/v1/track", Load.event("e" + i));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            operator.health("postgres").path("message").asText().length() > 0);
            assertThat(operator.count("postgres", "pending")).isEqualTo(5);

            // When
            assertThat(run("mount", "-o", "remount,size=400m", disk.toString())).isZero();

            // Then
            await().atMost(Duration.ofSeconds(120)).until(() -> {
                operator.request("POST", "/v1/destinations/postgres/retry");
                return operator.count("postgres", "delivered") == 5;
            });
        }
    }

    /** Sends an event of its own and remembers it if it was taken. */
    private HttpResponse<String> send(RunningEvefan evefan) throws Exception {
        String id = "e-" + sent++;
        HttpResponse<String> response = evefan.post("/v1/track", Load.event(id));
        if (response.statusCode() == 200) {
            accepted.add(id);
        }
        return response;
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < DISK_MEGABYTES; i++) {
                out.write(megabyte);
            }
        } catch (IOException full) {
            // as it should be
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
