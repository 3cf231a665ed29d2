package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What senders may do wrong on purpose; after each of it, others are served. */
class HostileInputIT {
    private static final int MAX_REQUEST = 512 << 10;
    private static final int MAX_BODIES = 2 << 20;
    private static final String KEY = "Authorization: Basic d2tfZGV2Og==";
    private static final String EVENT = "{\"type\":\"page\",\"userId\":\"u\",\"writeKey\":\"wk_dev\"}";

    @TempDir
    static Path data;

    private static RunningEvefan evefan;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.http.max-request-bytes", String.valueOf(MAX_REQUEST),
                        "evefan.http.max-body-memory-bytes", String.valueOf(MAX_BODIES),
                        "evefan.http.idle-timeout-ms", "2000",
                        "evefan.http.request-timeout-ms", "3000",
                        "evefan.http.max-connections", "200",
                        "evefan.ingest.max-event-bytes", "400000"));
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @AfterEach
    void servesOthers() throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(evefan.post("/v1/page", EVENT).statusCode()).isEqualTo(200));
    }

    @Test
    void closesAConnectionThatSaysNothing() throws Exception {
        try (RawHttp silent = connect()) {
            assertThat(silent.isClosedByServer()).isTrue();
        }
    }

    @Test
    void endsAHeadThatDripsIn() throws Exception {
        try (RawHttp slow = connect()) {
            drip(slow.send("POST /v1/track HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            assertThat(slow.isClosedByServer()).isTrue();
        }
    }

    @Test
    void endsABodyThatDripsIn() throws Exception {
        try (RawHttp slow = connect()) {
            drip(slow.send(head("Content-Length: 100000")));
            RawHttp.Response response = slow.read();
            assertThat(response == null || response.status() == 408).isTrue();
        }
    }

    @Test
    void readsABodyThatComesInPieces() throws Exception {
        try (RawHttp patient = connect()) {
            // When
            patient.send(head("Transfer-Encoding: chunked"));
            for (String piece :
                    new String[] {"{\"type\":\"page\",\"userId\":", "\"u\",", "\"writeKey\":\"wk_dev\"", "}"}) {
                patient.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
            }
            patient.send("0\r\n\r\n");

            // Then
            assertThat(patient.read().status()).isEqualTo(200);
        }
    }

    @Test
    void endsABodyThatNeverEnds() throws Exception {
        // Given
        byte[] megabytes = new byte[1 << 20];
        Arrays.fill(megabytes, (byte) ' ');
        String chunk = Integer.toHexString(megabytes.length) + "\r\n";

        // When
        try (RawHttp endless = connect()) {
            endless.send(head("Transfer-Encoding: chunked"));
            endless.send(chunk).send(megabytes).send("\r\n").send(chunk);

            // Then
            assertThat(endless.read().status()).isEqualTo(413);
            assertThat(endless.isClosedByServer()).isTrue();
        }
    }

    @Test
    void refusesALengthOverTheLimitBeforeTheBody() throws Exception {
        try (RawHttp large = connect()) {
            large.send(head("Content-Length: 999999999999", "Expect: 100-continue"));
            RawHttp.Response response = large.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).contains(String.valueOf(MAX_REQUEST));
        }
    }

    @Test
    void refusesABombBeforeItGoesOff() throws Exception {
        // Given
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < 200; i++) {
                gzip.write(blanks);
            }
        }
        assertThat(bomb.size()).isLessThan(MAX_REQUEST);

        // When
        RawHttp.Response known = send(bomb.toByteArray(), "Content-Encoding: gzip", KEY);
        RawHttp.Response stranger = send(bomb.toByteArray(), "Content-Encoding: gzip");

        // Then
        assertThat(known.status()).isEqualTo(413);
        assertThat(stranger.status()).isEqualTo(401);
    }

    @Test
    void doesNotLookAtTheBodyOfAWrongKey() throws Exception {
        // Given
        String wrong = "Authorization: Basic bm9wZTo=";
        byte[] broken = "{\"batch\":[".getBytes(UTF_8);

        // Then
        assertThat(send(broken, wrong).status()).isEqualTo(401);
        assertThat(send(broken, wrong, "Content-Encoding: gzip").status()).isEqualTo(401);
        assertThat(send(broken, KEY).status()).isEqualTo(400);
    }

    @Test
    void doesNotParseALargeBodyOfNobody() throws Exception {
        // Given
        String garbage = "{\"batch\":\"" + "\\u00ff".repeat(50_000);

        // Then
        assertThat(send(garbage.getBytes(UTF_8)).status()).isEqualTo(401);
        assertThat(send(gzip(garbage), "Content-Encoding: gzip").status()).isEqualTo(401);
        assertThat(send(gzip(garbage), "Content-Encoding: gzip", KEY).status()).isEqualTo(400);
    }

    @Test
    void endsAHeadThatDripsInAtTheManagementPort() throws Exception {
        int port = Integer.parseInt(evefan.configuration().property("camel.management.port"));
        try (RawHttp slow = new RawHttp(port)) {
            drip(slow.send("GET /observe/health HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            assertThat(slow.isClosedByServer()).isTrue();
        }
    }

    private static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return zipped.toByteArray();
    }

    @Test
    void refusesWhatIsNoGzipAndOtherEncodings() throws Exception {
        assertThat(send(EVENT.getBytes(UTF_8), "Content-Encoding: gzip").status())
                .isEqualTo(400);
        assertThat(send(EVENT.getBytes(UTF_8), "Content-Encoding: br").status()).isEqualTo(415);
    }

    @Test
    void refusesHeadersAndPathsWithoutEnd() throws Exception {
        try (RawHttp large = connect()) {
            large.send("POST /v1/track HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(large.read().status()).isEqualTo(431);
        }
        try (RawHttp large = connect()) {
            large.send("GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(large.read().status()).isEqualTo(414);
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws Exception {
        try (RawHttp noise = connect()) {
            noise.send("\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n");
            RawHttp.Response response = noise.read();
            assertThat(response == null || response.status() == 400).isTrue();
        }
    }

    @Test
    void takesCookiesOfACrowdedBrowser() throws Exception {
        assertThat(send(EVENT.getBytes(UTF_8), "Cookie: " + "c".repeat(8_000)).status())
                .isEqualTo(200);
    }

    @Test
    void refusesNestingAndNumbersWithoutEnd() throws Exception {
        // Given
        String deep = "{\"type\":\"page\",\"userId\":\"u\",\"writeKey\":\"wk_dev\",\"properties\":{\"x\":"
                + "[".repeat(100_000) + "]".repeat(100_000) + "}}";
        String number = "{\"type\":\"page\",\"userId\":\"u\",\"writeKey\":\"wk_dev\",\"properties\":{\"x\":"
                + "9".repeat(200_000) + "}}";

        // Then
        assertThat(send(deep.getBytes(UTF_8)).status()).isEqualTo(400);
        assertThat(send(number.getBytes(UTF_8)).status()).isEqualTo(400);
    }

    @Test
    void closesConnectionsOverTheLimit() throws Exception {
        // Given
        List<RawHttp> many = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                many.add(connect());
            }

            // Then
            assertThat(many.get(299).isClosedByServer()).isTrue();
        } finally {
            for (RawHttp connection : many) {
                connection.close();
            }
        }
    }

    @Test
    void boundsTheMemoryOfManyLargeBodiesAndServesSmallOnesMeanwhile() throws Exception {
        // Given
        byte[] part = new byte[(400 << 10)];
        Arrays.fill(part, (byte) ' ');
        List<RawHttp> senders = new ArrayList<>();
        try {
            // When
            for (int i = 0; i < 20; i++) {
                RawHttp sender = connect();
                senders.add(sender.send(head("Content-Length: " + (450 << 10))).send(part));
            }
            RawHttp.Response small = send(EVENT.getBytes(UTF_8));
            int refused = 0;
            for (RawHttp sender : senders) {
                RawHttp.Response response = sender.read();
                if (response != null && response.status() == 503) {
                    assertThat(response.header("Retry-After")).isNotNull();
                    refused++;
                }
            }

            // Then
            assertThat(small.status()).isEqualTo(200);
            assertThat(refused).isGreaterThanOrEqualTo(20 - MAX_BODIES / part.length);
        } finally {
            for (RawHttp sender : senders) {
                sender.close();
            }
        }
    }

    /** A byte now and then, so that the connection is never silent. */
    private static void drip(RawHttp slow) {
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    try {
                        slow.send("x");
                        return false;
                    } catch (java.io.IOException closed) {
                        return true;
                    }
                });
    }

    private static RawHttp connect() throws Exception {
        return new RawHttp(evefan.configuration().http().port());
    }

    private static String head(String... headers) {
        return "POST /v1/batch HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static RawHttp.Response send(byte[] body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Length: " + body.length);
        try (RawHttp connection = connect()) {
            connection.send(head(all.toArray(String[]::new))).send(body);
            return connection.read();
        }
    }
}
