package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequence numbers, sent without a pause through everything that can come between an event and its destination. */
class OrderIT {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int REQUEST = 10;
    /** For the long run. */
    private static final int ROUNDS = Integer.getInteger("evefan.test.order-rounds", 1);

    @TempDir
    Path directory;

    private final CountDownLatch never = new CountDownLatch(1);
    private Path destinations;
    private Properties properties;
    private String broker;
    private WebHook flaky;
    private WebHook picky;
    private WebHook steady;
    private Operator operator;
    private Sender sender;

    @BeforeEach
    void start() throws Exception {
        destinations = Files.createDirectory(directory.resolve("destinations"));
        flaky = hook("flaky");
        picky = hook("picky");
        steady = hook("steady");
        broker = "tcp://127.0.0.1:" + RunningEvefan.freePort();
        properties = RunningEvefan.overrides(
                directory.resolve("data"),
                TwoDestinations.properties(
                        destinations,
                        Map.of("evefan.activemq.url", "failover:(" + broker + ")", "evefan.routes.reload", "true")));
        for (WebHook hook : List.of(flaky, picky, steady)) {
            properties.setProperty(hook.url().replaceFirst(".*/", "") + ".url", hook.url());
        }
        String url = "http://127.0.0.1:" + properties.getProperty("evefan.http.port");
        operator = new Operator(properties);
        sender = new Sender(url);
    }

    private WebHook hook(String name) throws IOException {
        WebHook hook = WebHook.start(name);
        write(name, hook);
        return hook;
    }

    /** With a placeholder for its address, as a file that is reloaded has to have. */
    private void write(String name, WebHook hook) throws IOException {
        Path written = Files.createDirectories(directory.resolve("written"));
        hook.routeTo(written);
        Path file = written.resolve(name + ".camel.yaml");
        Files.writeString(file, Files.readString(file).replace(hook.url(), "\"{{" + name + ".url}}\""));
        Files.move(file, destinations.resolve(name + ".camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    @AfterEach
    void stop() throws Exception {
        sender.end();
        flaky.close();
        picky.close();
        steady.close();
    }

    @Test
    void isThatOfAcceptanceWhateverHappens() throws Exception {
        picky.answer(events -> events.stream()
                        .anyMatch(event -> isUnlucky(event.path("messageId").asText()))
                ? 422
                : 200);
        ExternalBroker kept = ExternalBroker.start(directory, broker);
        EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("first.log"));
        try {
            sender.start();

            for (int round = 0; round < ROUNDS; round++) {
                slowAndThenFailing();
                paused();
                edited();
                removedAndBack();
                kept.kill();
                more(100);
                kept = ExternalBroker.start(directory, broker);
                flaky.answer(events -> 500);
                more(100);
                evefan.kill();
                evefan = EvefanProcess.start(properties, directory.resolve("killed" + round + ".log"));
                more(100);
                flaky.answer(events -> 200);
                more(100);
                assertThat(evefan.stop()).isZero();
                evefan = EvefanProcess.start(properties, directory.resolve("stopped" + round + ".log"));
                more(100);
            }
            sender.end();

            for (String name : List.of("flaky", "picky", "steady")) {
                await(name).atMost(LIMIT).until(() -> operator.count(name, "pending") == 0);
            }
        } finally {
            evefan.kill();
            kept.kill();
        }
        List<String> sent = TwoDestinations.ids("s", sender.sent());
        assertThat(firsts(steady)).isEqualTo(sent);
        assertThat(firsts(flaky)).isEqualTo(sent);
        assertThat(firsts(picky))
                .isEqualTo(sent.stream().filter(id -> !isUnlucky(id)).toList());
    }

    private static boolean isUnlucky(String id) {
        return id.endsWith("77");
    }

    private void slowAndThenFailing() throws Exception {
        flaky.answer(events -> never.await(300, TimeUnit.MILLISECONDS) ? 0 : 200);
        more(500);
        flaky.answer(events -> 500);
        more(200);
        flaky.answer(events -> 200);
    }

    private void paused() throws Exception {
        assertThat(operator.request("POST", "/v1/destinations/flaky/pause").statusCode())
                .isEqualTo(200);
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText(), "paused"::equals);
        more(100);
        operator.request("POST", "/v1/destinations/flaky/resume");
    }

    private void edited() throws Exception {
        for (int edit = 0; edit < 2; edit++) {
            Path file = destinations.resolve("flaky.camel.yaml");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replaceFirst("description: .*", "description: Edit " + edit + "-" + sender.sent()));
            more(100);
        }
    }

    private void removedAndBack() throws Exception {
        Files.delete(destinations.resolve("flaky.camel.yaml"));
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText(), "removed"::equals);
        more(100);
        write("flaky", flaky);
        await().atMost(LIMIT)
                .until(() -> operator.health("flaky").path("status").asText(), "up"::equals);
        more(100);
    }

    /** Waits until so many more events are accepted. */
    private void more(int events) {
        int from = sender.sent();
        await().atMost(LIMIT).until(() -> sender.sent() >= from + events);
    }

    private static List<String> firsts(WebHook hook) {
        return hook.taken().stream().distinct().toList();
    }

    /** Sends one request after the other, each until it is answered with 200. */
    private static final class Sender {
        private final String url;
        private final Thread thread = new Thread(this::run, "sender");
        private volatile boolean ended;
        private volatile int sent;

        Sender(String url) {
            this.url = url;
        }

        void start() {
            thread.start();
        }

        int sent() {
            return sent;
        }

        private void run() {
            while (!ended) {
                if (isTaken(sent)) {
                    sent += REQUEST;
                }
            }
        }

        private boolean isTaken(int from) {
            String events = IntStream.range(from, from + REQUEST)
                    .mapToObj(i -> "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"s\",\"messageId\":\"s" + i + "\"}")
                    .collect(Collectors.joining(",", "{\"batch\":[", "]}"));
            try {
                Thread.sleep(10);
                return RunningEvefan.post(url, "/v1/batch", events).statusCode() == 200;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                ended = true;
                return false;
            }
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
