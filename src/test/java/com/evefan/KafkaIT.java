package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.ConfigurationException;
import com.evefan.journal.kafka.KafkaSettings;
import com.evefan.journal.kafka.KafkaSettings.GroupProtocol;
import com.evefan.journal.kafka.RealKafka;
import com.evefan.journal.kafka.TopicCheck;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evefan on a broker of Kafka, and what it says of one that it should not be entrusted to. */
class KafkaIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static RealKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startKafka() throws IOException {
        kafka = RealKafka.start(directory.resolve("kafka"), 1);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    @Test
    void deliversWhatIsInKafkaAndTellsOfTheWhole() throws Exception {
        Path routes = Files.createDirectory(directory.resolve("routes"));
        try (WebHook flaky = WebHook.start("flaky");
                WebHook steady = WebHook.start("steady")) {
            flaky.routeTo(routes);
            steady.routeTo(routes);
            Map<String, String> properties = TwoDestinations.properties(
                    routes,
                    Map.of(
                            "evefan.kafka.brokers", kafka.guardedBrokers(),
                            "evefan.kafka.topic", "whole.accepted",
                            "evefan.kafka.partitions", "4",
                            "evefan.kafka.replication", "1"));
            properties = new HashMap<>(properties);
            for (Map.Entry<String, String> login :
                    RealKafka.login("evefan", "secret").entrySet()) {
                properties.put("evefan.kafka.client." + login.getKey(), login.getValue());
            }
            flaky.answer(events -> 500);
            try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data-1"), properties)) {
                Operator operator = new Operator(evefan);
                operator.send("k", 0, 100);
                await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") == 100);
                assertThat(operator.count("flaky", "pending")).isEqualTo(100);
                assertThat(evefan.post("/v1/health", "").body()).doesNotContain("secret");
                await().atMost(LIMIT).untilAsserted(() -> {
                    JsonNode whole = operator.health("flaky").path("cluster");
                    assertThat(whole.path("lag").asLong()).isEqualTo(100);
                    assertThat(whole.path("members")).hasSize(1);
                    assertThat(whole.path("partitions")).hasSize(4);
                });
                assertThat(operator.request("GET", "/v1/events/k1").statusCode())
                        .as("look-up is refused in words")
                        .isEqualTo(501);
            }

            // When: another node, which has nothing of the first one's
            flaky.answer(events -> 200);
            try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data-2"), properties)) {
                Operator operator = new Operator(evefan);
                await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == 100);
                assertThat(operator.count("steady", "delivered")).isEqualTo(100);
            }

            // Then
            assertThat(steady.taken()).hasSize(100).doesNotHaveDuplicates();
            assertThat(flaky.taken()).hasSize(100).doesNotHaveDuplicates();
        }
    }

    @Test
    void namesEverythingThatIsWrongWithATopic() throws Exception {
        admin.createTopics(List.of(new NewTopic("bad.accepted", 5, (short) 1)
                        .configs(Map.of(
                                "retention.ms", "3600000",
                                "retention.bytes", "1000000",
                                "cleanup.policy", "compact,delete",
                                "unclean.leader.election.enable", "true",
                                "min.insync.replicas", "1",
                                "max.message.bytes", "1000"))))
                .all()
                .get();

        assertThat(TopicCheck.problems(settings(kafka.brokers(), "bad.accepted", 3, Map.of())))
                .hasSize(8)
                .allMatch(line -> line.startsWith("topic bad.accepted: "))
                .anyMatch(line -> line.endsWith("it has 5 partitions, evefan.kafka.partitions is 4"))
                .anyMatch(line -> line.contains("its partitions are on 1 broker, needed are 3"))
                .anyMatch(line -> line.contains("min.insync.replicas is 1, needed are 2"))
                .anyMatch(line -> line.contains("unclean.leader.election.enable must be false"))
                .anyMatch(line -> line.contains("cleanup.policy must be delete"))
                .anyMatch(line -> line.contains("retention.bytes must not be set"))
                .anyMatch(line -> line.contains("retention.ms is 3600000, needed are 518400000"))
                .anyMatch(line -> line.contains("max.message.bytes is 1000, needed are"));
    }

    @Test
    void makesATopicThatIsMissingWhereThereAreBrokersForIt() {
        assertThat(TopicCheck.problems(settings(kafka.brokers(), "three.accepted", 3, Map.of())))
                .containsExactly("evefan.kafka.replication is 3, and the cluster has 1 broker");
        assertThat(TopicCheck.problems(settings(kafka.brokers(), "one.accepted", 1, Map.of())))
                .isEmpty();
        assertThat(TopicCheck.problems(settings(kafka.brokers(), "one.accepted", 1, Map.of())))
                .isEmpty();
    }

    @Test
    void saysWhoseFaultItIsThatKafkaIsNotReached() throws Exception {
        assertThat(TopicCheck.problems(settings("kafka.invalid:9092", "a.accepted", 1, Map.of())))
                .singleElement()
                .asString()
                .contains("kafka.invalid:9092");
        assertThat(TopicCheck.problems(
                        settings(kafka.guardedBrokers(), "a.accepted", 1, RealKafka.login("evefan", "wrong"))))
                .singleElement()
                .asString()
                .contains("does not let Evefan in")
                .doesNotContain("wrong");
        assertThat(TopicCheck.problems(
                        settings(kafka.guardedBrokers(), "a.accepted", 1, RealKafka.login("other", "secret"))))
                .singleElement()
                .asString()
                .contains("does not allow Evefan to describe the topic a.accepted");
    }

    @Test
    void wantsABrokerForDeadLettersThatAllNodesShare() throws Exception {
        Configuration alone = Configuration.load(RunningEvefan.overrides(
                directory.resolve("data-3"),
                Map.of(
                        "evefan.kafka.brokers",
                        kafka.brokers(),
                        "evefan.postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/n")));

        assertThatThrownBy(() -> Evefan.start(alone))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        refused -> assertThat(refused.problems())
                                .hasSize(2)
                                .anyMatch(line -> line.startsWith("evefan.activemq.url must name a broker"))
                                .anyMatch(line -> line.startsWith("evefan.kafka.replication is 3")));
    }

    private static KafkaSettings settings(String brokers, String topic, int replication, Map<String, String> client) {
        return new KafkaSettings(
                brokers,
                topic,
                4,
                replication,
                Duration.ofSeconds(10),
                GroupProtocol.CLASSIC,
                client,
                Duration.ofDays(4),
                1 << 20,
                1_000);
    }
}
