package com.evefan.journal.kafka;

import com.evefan.event.EventBatch;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the topic as a whole: where its partitions begin and end, whether it takes events, how far groups are. */
final class TopicWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final long EVERY_MILLIS = 1_000;
    /** What costs more is looked up in every fifth round. */
    private static final int ROUNDS = 5;

    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long ASK_SECONDS = 20;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);
    private static final long ANY_EVENT_BYTES = 1_000;

    private final KafkaSettings settings;
    private final Admin admin;
    private final Supplier<Collection<KafkaPlace>> places;
    private final AtomicLongArray begins;
    private final AtomicLongArray ends;
    private final AtomicLong seenEvents = new AtomicLong();
    private final AtomicLong seenBytes = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "evefan-kafka-watch");
        made.setDaemon(true);
        return made;
    });
    private @Nullable KafkaConsumer<byte[], byte[]> reader;
    /** Null where Kafka deletes nothing. */
    private volatile @Nullable Duration retention;

    private volatile @Nullable Instant oldest;
    private volatile long answeredAt = System.nanoTime();
    private volatile @Nullable String failure;
    private volatile @Nullable String lack;
    private int round;

    TopicWatch(KafkaSettings settings, Admin admin, Supplier<Collection<KafkaPlace>> places) {
        this.settings = settings;
        this.admin = admin;
        this.places = places;
        begins = new AtomicLongArray(settings.partitions());
        ends = new AtomicLongArray(settings.partitions());
    }

    void start() {
        retention = askRetention();
        offsets(OffsetSpec.earliest()).forEach(begins::set);
        offsets(OffsetSpec.latest()).forEach(this::reached);
        oldest = receivedAt(firsts()).values().stream().min(Instant::compareTo).orElse(null);
        var unused = thread.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- What others ask --------------------------------------------------------------------------------------------

    /** The offset behind the last event of {@code partition} that is known of. */
    long end(int partition) {
        return ends.get(partition);
    }

    long begin(int partition) {
        return begins.get(partition);
    }

    void reached(int partition, long end) {
        if (partition < ends.length()) {
            ends.accumulateAndGet(partition, end, Math::max);
        }
    }

    void appended(EventBatch batch) {
        seen(batch.size(), batch.bytes());
        if (oldest == null) {
            oldest = batch.events().get(0).receivedAt();
        }
    }

    void seen(long events, long bytes) {
        seenEvents.addAndGet(events);
        seenBytes.addAndGet(bytes);
    }

    long averageBytes() {
        return seenEvents.get() == 0 ? ANY_EVENT_BYTES : seenBytes.get() / seenEvents.get();
    }

    /** What so many events take, by the average. */
    long bytesOf(long events) {
        return seenEvents.get() == 0 ? events * ANY_EVENT_BYTES : events * seenBytes.get() / seenEvents.get();
    }

    /** Events that were received before this are deleted before long. */
    Instant keptFrom() {
        Duration known = retention;
        return known == null
                ? Instant.MIN
                : Instant.now().minus(known.multipliedBy(9).dividedBy(10));
    }

    private @Nullable Duration askRetention() {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, settings.topic());
        Config config = answer(admin.describeConfigs(List.of(topic)).all()).get(topic);
        ConfigEntry entry = config == null ? null : config.get(TopicConfig.RETENTION_MS_CONFIG);
        long millis = entry == null || entry.value() == null ? -1 : Long.parseLong(entry.value());
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    /** Events that are kept. */
    long kept() {
        return IntStream.range(0, ends.length())
                .mapToLong(partition -> Math.max(0, ends.get(partition) - begins.get(partition)))
                .sum();
    }

    @Nullable
    Instant oldest() {
        return oldest;
    }

    /** Why no event can be appended; null where one can. */
    @Nullable
    String unavailable() {
        if (System.nanoTime() - answeredAt > STALE_NANOS) {
            String why = failure;
            return "Kafka does not answer" + (why == null ? "" : ": " + why);
        }
        return lack;
    }

    /** The offset of each partition at which {@code start} is. */
    Map<Integer, Long> offsets(Start start) {
        if (start instanceof Start.End) {
            Map<Integer, Long> found = offsets(OffsetSpec.latest());
            found.forEach(this::reached);
            return found;
        }
        Instant time = ((Start.Since) start).time();
        if (time.equals(Instant.EPOCH)) {
            return offsets(OffsetSpec.earliest());
        }
        Map<Integer, Long> found = offsets(OffsetSpec.forTimestamp(time.toEpochMilli()));
        Map<Integer, Long> latest = offsets(OffsetSpec.latest());
        found.replaceAll((partition, offset) -> offset < 0 ? latest.getOrDefault(partition, 0L) : offset);
        return found;
    }

    private Map<Integer, Long> offsets(OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, settings.partitions())
                .boxed()
                .collect(Collectors.toMap(this::partition, partition -> spec));
        Map<Integer, Long> all = new HashMap<>();
        answer(admin.listOffsets(asked).all()).forEach((where, found) -> all.put(where.partition(), found.offset()));
        return all;
    }

    TopicPartition partition(int number) {
        return new TopicPartition(settings.topic(), number);
    }

    /** What is saved of each destination that has a group, by partition. */
    Map<String, Map<Integer, OffsetAndMetadata>> groups() {
        Map<String, Map<Integer, OffsetAndMetadata>> all = new TreeMap<>();
        String prefix = settings.groupPrefix();
        for (ConsumerGroupListing group : answer(admin.listConsumerGroups().valid())) {
            if (group.groupId().startsWith(prefix)) {
                Map<Integer, OffsetAndMetadata> saved = saved(group.groupId());
                if (saved.values().stream().anyMatch(Saved::isOurs)) {
                    all.put(group.groupId().substring(prefix.length()), saved);
                }
            }
        }
        return all;
    }

    Map<Integer, OffsetAndMetadata> saved(String group) {
        Map<Integer, OffsetAndMetadata> saved = new TreeMap<>();
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((where, offset) -> {
                    if (where.topic().equals(settings.topic()) && offset != null) {
                        saved.put(where.partition(), offset);
                    }
                });
        return saved;
    }

    static <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new JournalUnavailableException("Kafka: " + cause.getMessage(), cause);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new JournalUnavailableException("Kafka has not answered within " + ASK_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalUnavailableException("interrupted", e);
        }
    }

    // ---- Looking, now and then ------------------------------------------------------------------------------------

    private void look() {
        try {
            offsets(OffsetSpec.latest()).forEach(this::reached);
            lack = lackOfBrokers();
            answeredAt = System.nanoTime();
            failure = null;
            round++;
            if (round % ROUNDS == 0) {
                lookCloser();
            }
        } catch (RuntimeException e) {
            failure = e.getMessage();
            LOG.debug("Kafka cannot be looked at", e);
        }
    }

    private @Nullable String lackOfBrokers() {
        List<TopicPartitionInfo> partitions = answer(
                        admin.describeTopics(List.of(settings.topic())).allTopicNames())
                .values()
                .iterator()
                .next()
                .partitions();
        long lacking = partitions.stream()
                .filter(one -> one.leader() == null || one.isr().size() < settings.minInSync())
                .count();
        return lacking == 0
                ? null
                : lacking + " of " + partitions.size() + " partitions of " + settings.topic() + " have fewer than "
                        + settings.minInSync() + " brokers in step";
    }

    private void lookCloser() {
        offsets(OffsetSpec.earliest()).forEach(begins::set);
        retention = askRetention();
        oldest = receivedAt(firsts()).values().stream().min(Instant::compareTo).orElse(null);
        for (KafkaPlace place : places.get()) {
            place.lookedUp(receivedAt(place.unknownFirsts()));
            Map<Integer, OffsetAndMetadata> saved = saved(place.group());
            ConsumerGroupDescription group = answer(
                            admin.describeConsumerGroups(List.of(place.group())).all())
                    .get(place.group());
            if (group == null) {
                continue;
            }
            place.whole(
                    saved,
                    group.members().stream()
                            .map(member -> member.consumerId() + " at " + member.host())
                            .sorted()
                            .toList());
        }
    }

    private Map<Integer, Long> firsts() {
        Map<Integer, Long> firsts = new HashMap<>();
        for (int partition = 0; partition < ends.length(); partition++) {
            if (begins.get(partition) < ends.get(partition)) {
                firsts.put(partition, begins.get(partition));
            }
        }
        return firsts;
    }

    /** When the first event at or behind each offset was received. On the thread that watches, or before it runs. */
    private Map<Integer, Instant> receivedAt(Map<Integer, Long> offsets) {
        Map<Integer, Instant> found = new HashMap<>();
        if (offsets.isEmpty()) {
            return found;
        }
        if (reader == null) {
            Map<String, Object> few = settings.reader();
            few.put("max.partition.fetch.bytes", 1);
            reader = new KafkaConsumer<>(few, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        KafkaConsumer<byte[], byte[]> one = reader;
        one.assign(offsets.keySet().stream().map(this::partition).toList());
        offsets.forEach((number, offset) -> one.seek(partition(number), offset));
        long end = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (found.size() < offsets.size() && System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : one.poll(Duration.ofMillis(100))) {
                if (found.putIfAbsent(record.partition(), Instant.ofEpochMilli(record.timestamp())) == null) {
                    one.pause(List.of(partition(record.partition())));
                }
            }
        }
        one.unsubscribe();
        return found;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(ASK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        KafkaConsumer<byte[], byte[]> open = reader;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
