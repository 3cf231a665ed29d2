package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.activemq.broker.BrokerService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An external broker that is away at the start, comes, goes and comes back. */
class BrokerAwayIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void eventsStayInTheJournalUntilTheBrokerIsBack() throws Exception {
        String url = "tcp://127.0.0.1:" + RunningEvefan.freePort();
        try (WebHook hook = WebHook.start("flaky")) {
            hook.routeTo(directory);
            hook.answer(events -> 500);
            try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data"), properties(url))) {
                Operator operator = new Operator(evefan.url());
                operator.send("away", 0, 100);
                await().atMost(LIMIT)
                        .until(() -> operator.json("GET", "/v1/health")
                                .path("broker")
                                .path("status")
                                .asText()
                                .equals("down"));
                assertThat(operator.count("flaky", "pending")).isEqualTo(100);

                // When
                BrokerService broker = broker(url);

                // Then
                await().atMost(LIMIT).until(() -> operator.count("flaky", "retrying") == 100);

                // When
                broker.stop();
                broker.waitUntilStopped();
                broker = broker(url);
                hook.answer(events -> 200);

                // Then
                await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 100);
                List<String> expected =
                        IntStream.range(0, 100).mapToObj(i -> "away" + i).toList();
                assertThat(hook.taken().stream().distinct().toList()).isEqualTo(expected);
                broker.stop();
                broker.waitUntilStopped();
            }
        }
    }

    private BrokerService broker(String url) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName("external");
        broker.setUseJmx(false);
        broker.setUseShutdownHook(false);
        broker.setDataDirectory(directory.resolve("broker").toString());
        broker.addConnector(url);
        broker.start();
        broker.waitUntilStarted();
        return broker;
    }

    private Map<String, String> properties(String url) {
        return Map.of(
                "camel.main.routes-include-pattern",
                "file:routes/*.camel.yaml,file:" + directory + "/*.camel.yaml",
                "evefan.activemq.url",
                url,
                "evefan.postgres.url",
                "jdbc:postgresql://127.0.0.1:1/none",
                "evefan.redelivery.delay-ms",
                "20",
                "evefan.retry.delay-ms",
                "200",
                "evefan.retry.max-delay-ms",
                "400");
    }
}
