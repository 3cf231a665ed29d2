package com.evefan.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCheckTest {
    /** Before a broker is asked: there is none here, and Kafka's clients ask for 15 seconds. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1:1 | retries | 0 | evefan.kafka.client.*: Must set retries to non-zero
            127.0.0.1:1 | max.in.flight.requests.per.connection | 10 | evefan.kafka.client.*: Must set max.in.flight
            127.0.0.1:1 | delivery.timeout.ms | 100 | evefan.kafka.client.*: delivery.timeout.ms should be
            127.0.0.1:1 | isolation.level | read | evefan.kafka.client.*: Invalid value read for configuration isolation
            127.0.0.1:1 | request.timeout.ms | soon | evefan.kafka.client.*: Invalid value soon for configuration request
            127.0.0.1:1 | metric.reporters | nope.X | evefan.kafka.client.*: java.lang.ClassNotFoundException: nope.X
            127.0.0.1   | client.id | a | evefan.kafka.brokers (127.0.0.1): Invalid url in bootstrap.servers
            """)
    void namesTheSettingThatKafkasClientsDoNotTake(String brokers, String key, String value, String problem) {
        KafkaSettings settings = new KafkaSettings(
                brokers,
                "evefan.accepted",
                24,
                1,
                Duration.ofSeconds(10),
                KafkaSettings.GroupProtocol.CLASSIC,
                Map.of(key, value),
                Duration.ofDays(4),
                1 << 20,
                500);

        assertThat(TopicCheck.problems(settings)).singleElement().asString().startsWith(problem);
    }
}
