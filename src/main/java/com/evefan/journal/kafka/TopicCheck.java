package com.evefan.journal.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What is wrong with the cluster and its topic, before anything is entrusted to it. Kafka deletes by age, not by what is
 * delivered; and some of its settings lose what was acknowledged.
 */
public final class TopicCheck {
    private static final long ASK_SECONDS = 20;
    private static final Duration LEAST_KEPT = Duration.ofDays(7);
    private static final int LEAST_REPLICATION = 3;

    private final KafkaSettings settings;
    private final List<String> problems = new ArrayList<>();

    private TopicCheck(KafkaSettings settings) {
        this.settings = settings;
    }

    /** One line for each problem; none where all is well. Makes the topic where it is missing. */
    public static List<String> problems(KafkaSettings settings) {
        TopicCheck check = new TopicCheck(settings);
        if (settings.replication() == 2) {
            check.problems.add("evefan.kafka.replication must be 3 or more, or 1 for development, was 2");
            return check.problems;
        }
        try (Admin admin = Admin.create(settings.admin())) {
            requireClients(settings);
            check.cluster(admin);
        } catch (Failed e) {
            check.problems.add(e.getMessage());
        } catch (KafkaException e) {
            check.problems.add(ofClients(e, settings));
        }
        return check.problems;
    }

    /** What is a wrong setting of them fails here, and not when the first event comes. */
    private static void requireClients(KafkaSettings settings) {
        new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer())
                .close(Duration.ZERO);
        for (Map<String, Object> consumer : List.of(settings.member("check"), settings.reader())) {
            consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            new ConsumerConfig(consumer);
        }
    }

    private static String ofClients(KafkaException e, KafkaSettings settings) {
        String why = innermost(e);
        return why.contains(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                ? "evefan.kafka.brokers (" + settings.brokers() + "): " + why
                : "evefan.kafka.client.*: " + why;
    }

    /** Kafka does not answer as it should; the message is a problem. */
    private static final class Failed extends RuntimeException {
        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static String innermost(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof KafkaException ? Objects.requireNonNullElse(root.getMessage(), "") : root.toString();
    }

    private <T> T ask(String what, KafkaFuture<T> asked) throws ExecutionException {
        try {
            return asked.get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof AuthenticationException) {
                throw new Failed(
                        "evefan.kafka.client.sasl or .ssl: Kafka does not let Evefan in: " + cause.getMessage(), cause);
            }
            if (cause instanceof AuthorizationException) {
                throw new Failed("Kafka does not allow Evefan to " + what + ": " + cause.getMessage(), cause);
            }
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable(cause);
            }
            throw e;
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", e);
        }
    }

    private Failed unreachable(Throwable why) {
        return new Failed(
                "evefan.kafka.brokers: nobody answers as Kafka does at " + settings.brokers()
                        + (why.getMessage() == null ? "" : ": " + why.getMessage()),
                why);
    }

    private <T> T answer(String what, KafkaFuture<T> asked) {
        try {
            return ask(what, asked);
        } catch (ExecutionException e) {
            throw new Failed("Kafka cannot " + what + ": " + innermost(e), e);
        }
    }

    private void cluster(Admin admin) {
        int brokers =
                answer("describe the cluster", admin.describeCluster().nodes()).size();
        Optional<TopicDescription> there = describe(admin);
        if (there.isEmpty()) {
            if (brokers < settings.replication()) {
                problems.add("evefan.kafka.replication is " + settings.replication() + ", and the cluster has "
                        + brokers + (brokers == 1 ? " broker" : " brokers"));
                return;
            }
            create(admin);
            there = describe(admin);
        }
        there.ifPresent(topic -> check(admin, topic));
    }

    private Optional<TopicDescription> describe(Admin admin) {
        try {
            return Optional.ofNullable(ask(
                            "describe the topic " + settings.topic(),
                            admin.describeTopics(
                                            List.of(settings.topic()),
                                            new DescribeTopicsOptions().includeAuthorizedOperations(true))
                                    .allTopicNames())
                    .get(settings.topic()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new Failed("Kafka cannot describe the topic " + settings.topic() + ": " + innermost(e), e);
        }
    }

    private void create(Admin admin) {
        NewTopic topic =
                new NewTopic(settings.topic(), settings.partitions(), (short) settings.replication()).configs(wanted());
        try {
            ask(
                    "make the topic " + settings.topic(),
                    admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new Failed("Kafka cannot make the topic " + settings.topic() + ": " + innermost(e), e);
            }
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ASK_SECONDS);
        while (!isLed(describe(admin)) && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isLed(Optional<TopicDescription> topic) {
        return topic.isPresent() && topic.get().partitions().stream().allMatch(one -> one.leader() != null);
    }

    private Map<String, String> wanted() {
        Map<String, String> configs = new TreeMap<>();
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(settings.minInSync()));
        configs.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configs.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        Duration least = settings.leastRetention();
        configs.put(
                TopicConfig.RETENTION_MS_CONFIG,
                String.valueOf((least.compareTo(LEAST_KEPT) > 0 ? least : LEAST_KEPT).toMillis()));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(Math.max(1 << 20, settings.maxRecordBytes())));
        return configs;
    }

    private void check(Admin admin, TopicDescription topic) {
        String name = "topic " + settings.topic() + ": ";
        Set<AclOperation> allowed = topic.authorizedOperations();
        for (AclOperation needed : List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE)) {
            if (allowed != null && !allowed.contains(needed)) {
                problems.add(name + "Evefan's user lacks the right " + needed);
            }
        }
        int partitions = topic.partitions().size();
        if (partitions != settings.partitions()) {
            problems.add(
                    name + "it has " + partitions + " partitions, evefan.kafka.partitions is " + settings.partitions());
        }
        int replicas = topic.partitions().stream()
                .mapToInt(one -> one.replicas().size())
                .min()
                .orElse(0);
        if (replicas < LEAST_REPLICATION && !settings.isDevelopment()) {
            problems.add(name + "its partitions are on " + replicas + (replicas == 1 ? " broker" : " brokers")
                    + ", needed are 3 (evefan.kafka.replication = 1 is for development)");
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        configs(admin, resource, "read the settings of the topic " + settings.topic())
                .ifPresent(config -> check(name, config));
        checkGroups(admin, topic);
    }

    private Optional<Config> configs(Admin admin, ConfigResource resource, String what) {
        try {
            return Optional.ofNullable(
                    answer(what, admin.describeConfigs(List.of(resource)).all()).get(resource));
        } catch (Failed e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void check(String name, Config config) {
        long inSync = number(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        if (inSync < settings.minInSync()) {
            problems.add(name + "min.insync.replicas is " + inSync + ", needed are " + settings.minInSync());
        }
        if (text(config, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG).equals("true")) {
            problems.add(name + "unclean.leader.election.enable must be false: it loses what was acknowledged");
        }
        if (!text(config, TopicConfig.CLEANUP_POLICY_CONFIG).equals(TopicConfig.CLEANUP_POLICY_DELETE)) {
            problems.add(
                    name + "cleanup.policy must be delete, was " + text(config, TopicConfig.CLEANUP_POLICY_CONFIG));
        }
        if (number(config, TopicConfig.RETENTION_BYTES_CONFIG) >= 0) {
            problems.add(name + "retention.bytes must not be set: it deletes what is undelivered, was "
                    + text(config, TopicConfig.RETENTION_BYTES_CONFIG));
        }
        long retention = retention(config);
        if (retention < settings.leastRetention().toMillis()) {
            problems.add(name + "retention.ms is " + retention + ", needed are "
                    + settings.leastRetention().toMillis() + ": 1.5 times evefan.retry.max-age-ms");
        }
        long largest = number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (largest < settings.maxRecordBytes()) {
            problems.add(name + "max.message.bytes is " + largest + ", needed are " + settings.maxRecordBytes()
                    + ": evefan.ingest.max-event-bytes and what is added to an event");
        }
    }

    private static long retention(Config config) {
        long retention = number(config, TopicConfig.RETENTION_MS_CONFIG);
        return retention < 0 ? Long.MAX_VALUE : retention;
    }

    /**
     * A place that is forgotten because no node has run for so long owes nothing that is still kept; where Kafka forgets
     * places earlier, it would.
     */
    private void checkGroups(Admin admin, TopicDescription topic) {
        int broker = topic.partitions().get(0).leader() == null
                ? -1
                : topic.partitions().get(0).leader().id();
        ConfigResource brokers = new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(broker));
        ConfigResource own = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        try {
            Map<ConfigResource, Config> all = ask(
                    "read settings",
                    admin.describeConfigs(List.of(brokers, own)).all());
            long minutes = number(Objects.requireNonNull(all.get(brokers)), "offsets.retention.minutes");
            long retention = retention(Objects.requireNonNull(all.get(own)));
            long forgotten = TimeUnit.MINUTES.toMillis(minutes);
            if (forgotten < settings.leastRetention().toMillis()
                    || (forgotten < retention && retention != Long.MAX_VALUE)) {
                problems.add("offsets.retention.minutes of the brokers is " + minutes
                        + ": the places of destinations would be forgotten before their events; needed are "
                        + TimeUnit.MILLISECONDS.toMinutes(
                                retention == Long.MAX_VALUE
                                        ? settings.leastRetention().toMillis()
                                        : Math.max(
                                                retention,
                                                settings.leastRetention().toMillis())));
            }
        } catch (ExecutionException | Failed e) {
            // A right that Evefan needs for nothing else.
        }
    }

    private static String text(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private static long number(Config config, String name) {
        try {
            return Long.parseLong(text(config, name));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // not told
        }
    }
}
