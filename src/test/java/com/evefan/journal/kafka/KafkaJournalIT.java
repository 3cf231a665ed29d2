package com.evefan.journal.kafka;

import com.evefan.journal.Journal;
import com.evefan.journal.JournalContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What every journal does, with one broker and one partition: only there is one order of all events. */
class KafkaJournalIT extends JournalContract {
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    static Path temp;

    private static RealKafka kafka;
    private static Admin admin;

    private String topic;

    @BeforeAll
    static void startKafka() throws IOException {
        kafka = RealKafka.start(temp, 1);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.brokers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    @Override
    protected Journal open() {
        if (topic == null) {
            topic = "contract-" + TOPICS.incrementAndGet() + ".accepted";
            make(new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "-1")));
        }
        return KafkaJournal.open(settings(kafka.brokers(), topic, 1));
    }

    private static void make(NewTopic topic) {
        TopicWatch.answer(admin.createTopics(List.of(topic)).all());
    }

    static KafkaSettings settings(String brokers, String topic, int partitions) {
        return new KafkaSettings(
                brokers,
                topic,
                partitions,
                1,
                Duration.ofSeconds(10),
                KafkaSettings.GroupProtocol.CLASSIC,
                Map.of(),
                Duration.ofDays(4),
                1 << 20,
                1_000);
    }

    @Override
    protected void kill() {
        ((KafkaJournal) journal).abandon();
    }

    @Override
    protected long patienceMillis() {
        return 5_000;
    }

    /** Each destination reads for itself. */
    @Override
    protected boolean sharesHandovers() {
        return false;
    }
}
