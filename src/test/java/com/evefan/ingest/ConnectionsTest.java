package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server that answers with megabytes, and clients that hold on to it. */
class ConnectionsTest {
    private static final int MEGABYTES = 32 << 20;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final List<RawHttp> clients = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (RawHttp client : clients) {
            client.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void givesOneAddressAShareOnly() throws Exception {
        // Given
        Connections connections = new Connections(settings(Duration.ofSeconds(30)), new TrustedProxies(List.of()));
        int port = serve(connections);
        connect(port);
        connect(port);

        // When
        RawHttp third = connect(port);

        // Then
        assertThat(third.isClosedByServer()).isTrue();

        // When one of them goes
        clients.get(0).close();

        // Then
        await().atMost(SOON).until(() -> connections.count() == 1);
        assertThat(connect(port)
                        .send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                        .read()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void boundsNoProxyOfOurs() throws Exception {
        int port = serve(new Connections(settings(Duration.ofSeconds(30)), new TrustedProxies(List.of("127.0.0.0/8"))));
        connect(port);
        connect(port);
        assertThat(connect(port)
                        .send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                        .read()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void cutsOffWhoDoesNotTakeTheAnswer() throws Exception {
        // Given
        Connections connections = new Connections(settings(Duration.ofMillis(300)), new TrustedProxies(List.of()));
        int port = serve(connections);

        // When
        connect(port).send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        await().atMost(SOON).until(() -> connections.count() == 1);

        // Then
        await().atMost(SOON).until(() -> connections.count() == 0);
    }

    @Test
    void cutsOffWhoAsksForMoreAndMoreAndTakesNothing() throws Exception {
        // Given
        Connections connections = new Connections(settings(Duration.ofSeconds(30)), new TrustedProxies(List.of()));
        int port = serve(connections);

        RawHttp greedy = connect(port);
        await().atMost(SOON).until(() -> connections.count() == 1);

        // When
        greedy.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2));

        // Then
        await().atMost(SOON).until(() -> connections.count() == 0);
    }

    @Test
    void watchesAServerThatTellsOfNoRequest() throws Exception {
        // Given
        Connections connections = new Connections(settings(Duration.ofMillis(500)), new TrustedProxies(List.of()));
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connections::watch)
                .requestHandler(request -> request.response().end("here"));
        int port = listen(server, connections);
        RawHttp drip = connect(port);

        // When it is answered before its body is there
        drip.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
        assertThat(drip.read().status()).isEqualTo(200);
        drip.send("x");

        // Then it has no more time for the next head than others
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                drip.send("G");
            } catch (IOException e) {
                // it is closed
            }
            return connections.count() == 0;
        });
    }

    @Test
    void aLongAnswerMayTakeLongWhereItIsTaken() throws Exception {
        // Given
        Connections connections = new Connections(settings(Duration.ofMillis(300)), new TrustedProxies(List.of()));
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connections::watch)
                .requestHandler(request -> {
                    HttpServerResponse response = request.response().setChunked(true);
                    write(response);
                    response.drainHandler(drained -> write(response));
                });
        int port = listen(server, connections);

        // When somebody takes it, a little at a time
        RawHttp slow = connect(port);
        slow.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            slow.skip(256 << 10);
        }

        // Then
        assertThat(connections.count()).isEqualTo(1);

        // When nobody takes it any more, then
        await().atMost(SOON).until(() -> connections.count() == 0);
    }

    @Test
    void whoBreaksOffFillsNoLog() {
        for (String teller : List.of("DefaultChannelPipeline", "AbstractChannelHandlerContext")) {
            assertThat(LoggerFactory.getLogger("io.netty.channel." + teller).isWarnEnabled())
                    .isFalse();
        }
    }

    private static void write(HttpServerResponse response) {
        while (!response.writeQueueFull() && !response.closed()) {
            response.write(Buffer.buffer(new byte[64 << 10]));
        }
    }

    private int listen(HttpServer server, Connections connections) throws Exception {
        vertx.setPeriodic(50, timer -> connections.endLate());
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .actualPort();
    }

    private RawHttp connect(int port) throws Exception {
        RawHttp client = new RawHttp(port);
        clients.add(client);
        return client;
    }

    private int serve(Connections connections) throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(routing -> {
            connections.receiving(routing);
            routing.addEndHandler(ended -> connections.answered(routing));
            connections.received(routing);
            boolean large = routing.request().path().equals("/large");
            routing.response().end(large ? Buffer.buffer(new byte[MEGABYTES]) : Buffer.buffer());
        });
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(connections::opened)
                .requestHandler(request -> {
                    if (!connections.cutsOff(request.connection())) {
                        router.handle(request);
                    }
                });
        return listen(server, connections);
    }

    private static HttpSettings settings(Duration timeout) {
        return new HttpSettings(
                "127.0.0.1", 0, 1_000, 10_000, timeout, timeout, 100, 2, TlsSettings.NONE, "", java.util.Map.of());
    }
}
