package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which thread reads which request: the answer is its name and the size of what it got to read. */
class IntakeTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final BodyMemory MEMORY = new BodyMemory(4L * MAX_BYTES);
    private static final String LOOP = "vert.x-eventloop-thread";
    private static final String READER = "ingestion-reader";
    private static final String KEYED = "{\"writeKey\":\"wk_dev\",\"userId\":\"u\"}";

    private static Vertx vertx;
    private static Intake intake;
    private static int port;
    private static final AtomicInteger READ = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        Authentication authentication = new Authentication(new Sources(List.of(new Source("dev", "wk_dev"))));
        intake = new Intake(authentication, request -> {}, MAX_BYTES, false);
        HttpSettings settings = new HttpSettings(
                "127.0.0.1",
                0,
                MAX_BYTES,
                4L * MAX_BYTES,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                100,
                100,
                TlsSettings.NONE,
                "",
                Map.of());
        Connections connections = new Connections(settings, new TrustedProxies(List.of()));
        Router router = Router.router(vertx);
        new HttpErrors(new Sources(List.of(new Source("dev", "wk_dev")))).on(router, settings);
        router.route()
                .handler(new Bodies(MAX_BYTES, MEMORY, connections, authentication))
                .handler(routing -> {
                    ContextInternal loop = (ContextInternal) routing.vertx().getOrCreateContext();
                    intake.take(routing, loop, () -> {
                        READ.incrementAndGet();
                        String answer = Thread.currentThread().getName() + " "
                                + routing.body().buffer().length();
                        loop.runOnContext(on -> routing.response().end(answer));
                    });
                });
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
        intake.close();
    }

    @AfterEach
    void givesAllMemoryBack() {
        await().until(() -> MEMORY.used() == 0);
    }

    @Test
    void readsSmallBodiesAndLargerOnesOfAKnownKeyOnTheLoop() throws Exception {
        assertThat(send("", KEYED.getBytes(UTF_8)).body()).startsWith(LOOP);
        assertThat(send("?writeKey=wk_dev", filled(60_000, "")).body()).startsWith(LOOP);
    }

    @Test
    void readsNothingCompressedOnTheLoop() throws Exception {
        assertThat(send("?writeKey=wk_dev", gzip("{}".getBytes(UTF_8)), GZIP).body())
                .startsWith(READER)
                .endsWith(" 2");
        assertThat(send("", gzip(KEYED.getBytes(UTF_8)), GZIP).body()).startsWith(READER);
    }

    @Test
    void readsLargeBodiesOnAReader() throws Exception {
        assertThat(send("?writeKey=wk_dev", filled(100_000, "")).body()).startsWith(READER);
        assertThat(send("", filled(100_000, "\"writeKey\":\"wk_dev\"")).body()).startsWith(READER);
        assertThat(send("", ("{\"batch\":[" + "{},".repeat(10_000) + KEYED + "]}").getBytes(UTF_8))
                        .body())
                .startsWith(READER);
    }

    @Test
    void readsNothingMoreOfAStrangerThanItTakesToKnowOne() throws Exception {
        // Given
        int before = READ.get();

        // Then
        assertThat(send("", filled(100_000, "")).status()).isEqualTo(401);
        assertThat(send("", filled(100_000, "\"writeKey\":\"nope\"")).status()).isEqualTo(401);
        assertThat(send("", gzip("{}".getBytes(UTF_8)), GZIP).status()).isEqualTo(401);
        assertThat(send("", gzip(filled(Intake.STRANGERS_BEGINNING, "\"writeKey\":\"wk_dev\"")), GZIP)
                        .status())
                .isEqualTo(401);
        assertThat(READ.get()).isEqualTo(before);
    }

    @Test
    void saysWhatIsWrongWithABodyThatCannotBeDecompressed() throws Exception {
        assertThat(send("", KEYED.getBytes(UTF_8), GZIP).body()).contains("gzip");
        assertThat(send("?writeKey=wk_dev", KEYED.getBytes(UTF_8), GZIP).status())
                .isEqualTo(400);
        assertThat(send("", KEYED.getBytes(UTF_8), "Content-Encoding: br\r\n").status())
                .isEqualTo(415);
        assertThat(send("?writeKey=wk_dev", gzip(new byte[MAX_BYTES + 1]), GZIP).status())
                .isEqualTo(413);
    }

    @Test
    void strangersLeaveRoomForWhoNamesASource() throws Exception {
        // Given strangers who have sent the most of their bodies and stop there
        List<RawHttp> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                RawHttp stranger = new RawHttp(port);
                strangers.add(stranger);
                stranger.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + MAX_BYTES + "\r\n\r\n");
                stranger.send(new byte[Math.min(BodyMemory.SMALL, MAX_BYTES - 1)]);
            }
            await().until(() -> MEMORY.used() > MAX_BYTES);

            // Then
            assertThat(send("?writeKey=wk_dev", filled(MAX_BYTES - 100, "")).status())
                    .isEqualTo(200);
        } finally {
            for (RawHttp stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void countsWhatIsDecompressed() throws Exception {
        // Given
        BodyMemory small = new BodyMemory(200_000);
        BodyMemory.Share others = small.new Share(false);
        BodyMemory.Share mine = small.new Share(false);
        Decompression decompression = new Decompression(MAX_BYTES);
        byte[] zipped = gzip(new byte[100_000]);

        // Then
        assertThat(decompression.decompress(zipped, "gzip", mine)).hasSize(100_000);
        assertThat(small.used()).isGreaterThanOrEqualTo(100_000);
        mine.giveBack();
        assertThat(others.take(60_000)).isTrue();
        assertThat(decompression.decompress(zipped, "gzip", small.new Share(false)))
                .isNull();
    }

    private static final String GZIP = "Content-Encoding: gzip\r\n";

    /** A JSON object of some more than {@code bytes} that ends with {@code member}. */
    private static byte[] filled(int bytes, String member) {
        String last = member.isEmpty() ? "" : "," + member;
        return ("{\"userId\":\"u\",\"x\":\"" + "x".repeat(bytes) + "\"" + last + "}").getBytes(UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static RawHttp.Response send(String query, byte[] body) throws Exception {
        return send(query, body, "");
    }

    private static RawHttp.Response send(String query, byte[] body, String header) throws Exception {
        try (RawHttp connection = new RawHttp(port)) {
            connection
                    .send("POST /v1/batch" + query + " HTTP/1.1\r\nHost: x\r\n" + header + "Content-Length: "
                            + body.length + "\r\n\r\n")
                    .send(body);
            return connection.read();
        }
    }
}
