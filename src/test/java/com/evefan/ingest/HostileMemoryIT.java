package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.EvefanProcess;
import com.evefan.RunningEvefan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Far more hostile input at once than the heap holds: a process with little of it goes on, and serves others. */
class HostileMemoryIT {
    private static final int HEAP_MEGABYTES = 160;
    private static final int SENDERS = 60;
    private static final int ROUNDS = 2;
    private static final int BODY = 4 << 20;

    @TempDir
    Path directory;

    @Test
    void needsNoMoreMemoryForHostileSendersAndServesOthers() throws Exception {
        // Given
        Properties properties = RunningEvefan.overrides(
                directory.resolve("data"), Map.of("evefan.http.max-body-memory-bytes", String.valueOf(3 * BODY)));
        int port = Integer.parseInt(properties.getProperty("evefan.http.port"));
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (EvefanProcess evefan = EvefanProcess.start(HEAP_MEGABYTES, properties, directory.resolve("log"))) {
            // When
            List<Future<?>> floods = new ArrayList<>();
            byte[] bomb = bomb();
            for (int i = 0; i < SENDERS; i++) {
                byte[] body = i % 2 == 0 ? bomb : nested();
                String encoding = i % 2 == 0 ? "Content-Encoding: gzip\r\n" : "";
                floods.add(senders.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        flood(port, encoding, body);
                    }
                }));
            }
            int served = 0;
            while (floods.stream().anyMatch(flood -> !flood.isDone())) {
                int status = RunningEvefan.post(evefan.url(), "/v1/page", "{\"userId\":\"u\"}")
                        .statusCode();
                assertThat(status).isIn(200, 503);
                served += status == 200 ? 1 : 0;
            }
            for (Future<?> flood : floods) {
                flood.get();
            }

            // Then
            assertThat(served).isPositive();
            assertThat(RunningEvefan.post(evefan.url(), "/v1/page", "{\"userId\":\"u\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(evefan.isAlive()).isTrue();
            assertThat(evefan.output()).doesNotContain("OutOfMemoryError");
        } finally {
            senders.shutdownNow();
        }
    }

    private static void flood(int port, String encoding, byte[] body) {
        try (RawHttp sender = new RawHttp(port)) {
            sender.send("POST /v1/batch?writeKey=wk_dev HTTP/1.1\r\nHost: x\r\n" + encoding + "Content-Length: "
                            + body.length + "\r\n\r\n")
                    .send(body);
            RawHttp.Response response = sender.read();
            assertThat(response == null ? 413 : response.status()).isIn(400, 413, 503);
        } catch (IOException refused) {
            // closed while the body was on its way: the answer was on its way too
        }
    }

    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < 1_000; i++) {
                gzip.write(blanks);
            }
        }
        return bomb.toByteArray();
    }

    /** As large as a request may be, and no event at all: brackets. */
    private static byte[] nested() {
        byte[] body = new byte[BODY - 1];
        Arrays.fill(body, (byte) '[');
        System.arraycopy("{\"batch\":".getBytes(UTF_8), 0, body, 0, 9);
        return body;
    }
}
