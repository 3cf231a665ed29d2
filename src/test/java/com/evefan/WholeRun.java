package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.broker.BrokerSettings;
import com.evefan.broker.EmbeddedBroker;
import com.evefan.destination.postgres.PostgresExtension;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Many events through a process of its own that is killed in the middle, and what it leaves behind. */
public final class WholeRun implements AutoCloseable {
    /** {@code -Devefan.test.fault-events=100000} makes it the long run; the default is short. */
    public static final int EVENTS = Integer.getInteger("evefan.test.fault-events", 3_000);

    private static final int BATCH = 100;
    private static final Duration RECEIVE_LIMIT = Duration.ofSeconds(2);

    private final Path directory;
    private final Properties properties;
    private EvefanProcess evefan;

    private WholeRun(Path directory, Properties properties) throws IOException {
        this.directory = directory;
        this.properties = properties;
        this.evefan = EvefanProcess.start(properties, directory.resolve("log"));
    }

    /** Starts Evefan with {@code properties}, beside {@code postgres}. */
    public static WholeRun start(Path directory, PostgresExtension postgres, Map<String, String> properties)
            throws IOException {
        Map<String, String> all = new HashMap<>(properties);
        all.put("evefan.postgres.url", postgres.settings().url());
        all.put("evefan.postgres.schema", postgres.schema());
        all.put("evefan.retry.max-delay-ms", "1000");
        return new WholeRun(directory, RunningEvefan.overrides(directory.resolve("data"), all));
    }

    /** Posts {@link #EVENTS} events in batches, as a sender that repeats what was not answered; kills halfway. */
    public void send(IntFunction<String> event) throws Exception {
        for (int from = 0; from < EVENTS; from += BATCH) {
            if (from == EVENTS / 2 / BATCH * BATCH) {
                evefan.kill();
                evefan = EvefanProcess.start(properties, directory.resolve("log"));
            }
            List<String> events =
                    IntStream.range(from, from + BATCH).mapToObj(event).toList();
            String body = "{\"batch\":[" + String.join(",", events) + "]}";
            assertThat(RunningEvefan.post(evefan.url(), "/v1/batch", body).body())
                    .isEqualTo("{\"success\":true}");
        }
    }

    /** Waits until health tells of {@code destination}'s {@code status}; returns what it says is wrong. */
    public String awaitStatus(String destination, String status) {
        Operator operator = new Operator(properties);
        JsonNode health = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> operator.health(destination),
                        own -> own.path("status").asText().equals(status));
        return health.path("message").asText();
    }

    /**
     * Stops Evefan, once nothing is on its way, and reads the dead letters of {@code destination} from its store: the
     * reason by the messageId.
     */
    public Map<String, String> deadLetters(String destination) throws Exception {
        await().atMost(Duration.ofSeconds(240 + EVENTS / 50)).until(() -> unfinished(destination) == 0);
        evefan.stop();
        BrokerSettings settings =
                new BrokerSettings("", "", "", directory.resolve("data").resolve("activemq"), 1L << 30);
        Map<String, String> reasons = new HashMap<>();
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
                Connection connection = new ActiveMQConnectionFactory("vm://evefan?create=false").createConnection()) {
            assertThat(broker).isNotNull();
            connection.start();
            Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
            MessageConsumer consumer = session.createConsumer(session.createQueue("evefan.dead." + destination));
            ObjectMapper json = new ObjectMapper();
            Message message = consumer.receive(RECEIVE_LIMIT.toMillis());
            while (message != null) {
                JsonNode letter = json.readTree(((TextMessage) message).getText());
                reasons.put(
                        letter.at("/event/messageId").asText(),
                        letter.path("reason").asText());
                message = consumer.receive(RECEIVE_LIMIT.toMillis());
            }
        }
        return reasons;
    }

    private long unfinished(String destination) throws Exception {
        return new Operator(properties).count(destination, "pending");
    }

    @Override
    public void close() throws Exception {
        evefan.close();
    }
}
