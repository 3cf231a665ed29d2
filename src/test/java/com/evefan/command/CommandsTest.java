package com.evefan.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.command.OperatorCommands.Request;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private static final Request EXPORT = new Request("GET", "/v1/dead-letters/postgres/export");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream problems = new ByteArrayOutputStream();
    private HttpServer evefan;

    @BeforeEach
    void start() throws Exception {
        evefan = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        evefan.start();
    }

    @AfterEach
    void stop() {
        evefan.stop(0);
    }

    private int run(HttpHandler answer, PrintStream to) throws Exception {
        evefan.createContext("/", answer);
        return new Commands("127.0.0.1", evefan.getAddress().getPort(), "", () -> "token")
                .run(EXPORT, to, new PrintStream(problems, true, UTF_8));
    }

    @Test
    void printsALongAnswerWhileItComes() throws Exception {
        // Given
        CountDownLatch printed = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        PrintStream watched = new PrintStream(out, true, UTF_8) {
            @Override
            public void write(byte[] bytes, int from, int length) {
                super.write(bytes, from, length);
                printed.countDown();
            }
        };

        // When
        int exitCode = run(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("{\"first\":1}\n".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                    try {
                        inTime.set(printed.await(10, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    exchange.getResponseBody().write("{\"second\":2}".getBytes(UTF_8));
                    exchange.close();
                },
                watched);

        // Then
        assertThat(exitCode).isZero();
        assertThat(inTime).isTrue();
        assertThat(out.toString(UTF_8).lines()).containsExactly("{\"first\":1}", "{\"second\":2}");
    }

    @Test
    void saysThatAnAnswerBrokeOff() throws Exception {
        // When
        int exitCode = run(
                exchange -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write("{\"first\":1}\n".getBytes(UTF_8));
                    exchange.close();
                },
                new PrintStream(out, true, UTF_8));

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEqualTo("{\"first\":1}\n");
        assertThat(problems.toString(UTF_8)).contains("broke off");
    }

    @Test
    void printsNothingForAnEmptyAnswer() throws Exception {
        // When
        int exitCode = run(
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                },
                new PrintStream(out, true, UTF_8));

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString(UTF_8)).isEmpty();
    }
}
