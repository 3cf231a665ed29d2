package com.evefan.journal.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How the journal in Kafka is set up, and what its clients are set up with.
 *
 * @param brokers host:port, separated by commas; empty where the journal is not in Kafka
 * @param replication how many brokers have each event; fewer than 3 for development only
 * @param client settings of Kafka's clients, for TLS and SASL; some are secrets
 * @param maxAge how long an event may fail before it becomes a dead letter
 * @param maxEventBytes the size of the largest event as sent
 * @param handoverEvents how many events are handed out at once
 */
public record KafkaSettings(
        String brokers,
        String topic,
        int partitions,
        int replication,
        Duration sessionTimeout,
        GroupProtocol protocol,
        Map<String, String> client,
        Duration maxAge,
        int maxEventBytes,
        int handoverEvents) {
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,200}");
    /** What an event grows by when it is accepted, with the head of its record. */
    private static final int GROWTH_BYTES = 128 << 10;

    private static final int BATCH_BYTES = 256 << 10;
    private static final int DELIVERY_TIMEOUT_MS = 15_000;
    private static final int REQUEST_TIMEOUT_MS = 5_000;
    /** Kafka adds it to the time of day. */
    private static final long FOR_EVER_MS = Duration.ofDays(36_500).toMillis();

    private static final int FETCH_BYTES = 8 << 20;
    /** What was asked for before a place went back, or had no room, is waited for so long. */
    private static final int FETCH_WAIT_MS = 200;

    private static final int SHARE_OF_HEAP = 8;
    private static final long MOST_BUFFER_BYTES = 128L << 20;

    /** How members of a group share partitions. */
    public enum GroupProtocol {
        CLASSIC,
        CONSUMER
    }

    public KafkaSettings {
        client = Map.copyOf(client);
        if (!TOPIC.matcher(topic).matches() || topic.lastIndexOf('.') < 1) {
            throw new IllegalArgumentException(
                    "evefan.kafka.topic must be letters, digits, dots, _ and - with a dot in it, was '" + topic + "'");
        }
        for (String key : client.keySet()) {
            if (OURS.contains(key)) {
                throw new IllegalArgumentException("evefan.kafka.client." + key + " is not yours to set");
            }
        }
    }

    /** What the promises rest on. */
    private static final Set<String> OURS = Set.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG);

    /** Whether the journal is in Kafka. */
    public boolean isOn() {
        return !brokers.isEmpty();
    }

    /** Whether the loss of a broker may lose events. */
    public boolean isDevelopment() {
        return replication == 1;
    }

    /** How many brokers have an event when it is acknowledged. */
    int minInSync() {
        return isDevelopment() ? 1 : 2;
    }

    /** Before a destination's name, its group. */
    String groupPrefix() {
        return topic.substring(0, topic.lastIndexOf('.') + 1);
    }

    /** The size of the largest record. */
    int maxRecordBytes() {
        return maxEventBytes + GROWTH_BYTES;
    }

    /** What may wait for the brokers, in bytes. */
    long bufferBytes() {
        return Math.max(
                2L * maxRecordBytes(),
                Math.min(MOST_BUFFER_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** How long undelivered events have to be kept at least. */
    Duration leastRetention() {
        return maxAge.plus(maxAge.dividedBy(2));
    }

    Map<String, Object> producer() {
        Map<String, Object> all = client(ProducerConfig.configNames(), REQUEST_TIMEOUT_MS);
        all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 2);
        all.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        all.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes());
        all.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Math.max(1 << 20, maxRecordBytes()));
        // The partitions are known as long as it runs: a send never waits for them.
        all.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, FOR_EVER_MS);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return all;
    }

    /** For a member of {@code group}. */
    Map<String, Object> member(String group) {
        Map<String, Object> all = reader();
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name().toLowerCase(Locale.ROOT));
        if (protocol == GroupProtocol.CLASSIC) {
            int session = (int) sessionTimeout.toMillis();
            all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
            all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session * 3 / 10);
            all.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        }
        return all;
    }

    /** For one that belongs to no group. */
    Map<String, Object> reader() {
        Map<String, Object> all = client(ConsumerConfig.configNames(), REQUEST_TIMEOUT_MS);
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, handoverEvents);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return all;
    }

    Map<String, Object> admin() {
        Map<String, Object> all = client(AdminClientConfig.configNames(), REQUEST_TIMEOUT_MS);
        all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        return all;
    }

    /** What the user has set of {@code known}, and what nobody here knows: it may be a plug-in's. */
    private Map<String, Object> client(Set<String> known, int requestTimeout) {
        Map<String, Object> all = new HashMap<>();
        client.forEach((key, value) -> {
            boolean others = ProducerConfig.configNames().contains(key)
                    || ConsumerConfig.configNames().contains(key)
                    || AdminClientConfig.configNames().contains(key);
            if (known.contains(key) || !others) {
                all.put(key, value);
            }
        });
        all.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        all.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, requestTimeout);
        return all;
    }

    /** Free of secrets. */
    @Override
    public String toString() {
        return "topic " + topic + " of " + brokers;
    }
}
