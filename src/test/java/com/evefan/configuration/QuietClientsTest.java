package com.evefan.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.configuration.LogSettings.Format;
import com.evefan.configuration.LogSettings.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of others log, beside the two lines of Evefan's own, when the server is away. */
class QuietClientsTest {
    private static final List<String> PROPERTIES =
            List.of("evefan.log.format", "evefan.log.level", "evefan.log.connections");

    private final LoggerContext logging = (LoggerContext) LogManager.getContext(false);

    @AfterEach
    void restore() {
        PROPERTIES.forEach(System::clearProperty);
        logging.reconfigure();
    }

    @Test
    void aKafkaThatIsAwayIsNoLineByDefault() throws Exception {
        assertThat(linesOfAnAbsentKafka(Level.WARN)).isEmpty();
    }

    @Test
    void aKafkaThatIsAwayIsHeardAtInfo() throws Exception {
        assertThat(linesOfAnAbsentKafka(Level.INFO)).anyMatch(line -> line.contains("could not be established"));
    }

    private List<String> linesOfAnAbsentKafka(Level level) throws Exception {
        new LogSettings(Format.TEXT, level).apply();
        logging.reconfigure();
        Lines lines = new Lines();
        lines.start();
        logging.getConfiguration().getRootLogger().addAppender(lines, null, null);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + closedPort(),
                "max.block.ms",
                "400",
                "reconnect.backoff.ms",
                "50",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            // The failure itself is told, to whoever sends.
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("t", new byte[1]))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("not present in metadata after 400 ms");
        }
        return lines.all;
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class Lines extends AbstractAppender {
        private final List<String> all = new CopyOnWriteArrayList<>();

        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            if (event.getLoggerName().startsWith("org.apache.kafka")) {
                all.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        }
    }
}
