package com.evefan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.activemq.broker.BrokerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final int MESSAGES = 500;
    private static final String PADDING = "x".repeat(200_000);

    @TempDir
    Path directory;

    @Test
    void keepsTheOrderOfAQueueThatIsLargerThanItsMemory() throws Exception {
        // Given
        BrokerSettings settings = new BrokerSettings("", "", "", directory, 4L << 30);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings);
                Connection connection = BrokerConnections.create(settings).createConnection();
                Session taking = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = taking.createConsumer(taking.createQueue("large"))) {
            connection.start();

            BrokerRegistry.getInstance()
                    .lookup("evefan")
                    .getSystemUsage()
                    .getMemoryUsage()
                    .setLimit(32 << 20);

            // When
            List<Integer> taken = new ArrayList<>();
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendAll(connection));
            await().until(() -> broker.depth("large") > MESSAGES / 4);
            while (taken.size() < MESSAGES) {
                taken.add(consumer.receive(30_000).getIntProperty("number"));
                taking.commit();
            }
            sent.get();

            // Then
            assertThat(broker.depth("large")).isZero();
            assertThat(taken)
                    .containsExactlyElementsOf(
                            IntStream.range(0, MESSAGES).boxed().toList());
        }
    }

    private static void sendAll(Connection connection) {
        try (Session sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = sending.createProducer(sending.createQueue("large"))) {
            for (int number = 0; number < MESSAGES; number++) {
                TextMessage message = sending.createTextMessage(PADDING);
                message.setIntProperty("number", number);
                producer.send(message);
            }
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }
}
