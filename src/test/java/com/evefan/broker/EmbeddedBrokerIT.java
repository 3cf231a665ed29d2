package com.evefan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.apache.activemq.broker.BrokerRegistry;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.SuppressReplyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

class EmbeddedBrokerIT {
    private static final int MESSAGES = 500;
    private static final String PADDING = "x".repeat(200_000);
    private static final int FEW = 50;
    private static final int MIDDLE = 25;
    private static final Duration LIMIT = Duration.ofSeconds(30);

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

    @Test
    void looksAtAllOfAQueueWhateverItsSize() throws Exception {
        BrokerSettings settings = new BrokerSettings("", "", "", directory, 4L << 30);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            send(settings, "evefan.dead.x", 3_000, 10);

            // When
            List<String> seen = new ArrayList<>();
            String first = "";
            try (QueueWalk walk = broker.walk("evefan.dead.x")) {
                for (Message message = walk.next(); message != null; message = walk.next()) {
                    first = seen.isEmpty() ? message.getJMSMessageID() : first;
                    seen.add(((TextMessage) message).getText().strip());
                }
            }

            // Then
            assertThat(seen)
                    .containsExactlyElementsOf(IntStream.range(0, 3_000)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(broker.depth("evefan.dead.x")).isEqualTo(3_000);
            assertThat(broker.walk("evefan.dead.none").next()).isNull();
            assertThat(broker.holds("evefan.dead.x", first)).isTrue();
            assertThat(broker.holds("evefan.dead.none", first)).isFalse();
            takeOne(settings, "evefan.dead.x");
            assertThat(broker.holds("evefan.dead.x", first)).isFalse();
        }
    }

    private static void takeOne(BrokerSettings settings, String queue) throws Exception {
        try (Connection connection = BrokerConnections.create(settings).createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            connection.start();
            assertThat(consumer.receive(LIMIT.toMillis())).isNotNull();
            session.commit();
        }
    }

    @Test
    void runsAgainAfterAFailedWrite() throws Exception {
        BrokerSettings settings = new BrokerSettings("", "", "", directory, 4L << 30);
        JmsPoolConnectionFactory connections = BrokerConnections.create(settings);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            send(connections, "evefan.dead.x", 0, 5, 10);

            // When
            BrokerService service = BrokerRegistry.getInstance().lookup("evefan");
            try {
                service.getIoExceptionHandler().handle(new IOException("Disk quota exceeded"));
            } catch (SuppressReplyException e) {
                // told to whoever has written
            }
            assertThat(broker.down()).contains("starts again");

            // Then
            await().atMost(LIMIT).until(() -> broker.down() == null);
            await().atMost(LIMIT).ignoreExceptions().until(() -> {
                send(connections, "evefan.dead.x", 5, 6, 10);
                return true;
            });
            assertThat(numbers(broker)).startsWith(0, 1, 2, 3, 4).contains(5);
            assertThat(broker.losses()).isEmpty();
            assertThat(setAside()).isEmpty();
        } finally {
            connections.stop();
        }
    }

    @Test
    void runsAgainWhenTheDiskHasRoomAgain() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeThat(mount(disk)).as("mounting a tmpfs, which takes root").isZero();
        try {
            BrokerSettings settings = new BrokerSettings("", "", "", disk.resolve("activemq"), 4L << 30);
            JmsPoolConnectionFactory connections = BrokerConnections.create(settings);
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                send(connections, "evefan.dead.x", 0, 5, 10);

                // When
                Path filler = disk.resolve("filler");
                fill(filler);
                assertThatExceptionOfType(Exception.class)
                        .isThrownBy(() -> send(connections, "evefan.dead.x", 5, 100, 1_000_000));
                Files.delete(filler);

                // Then
                await().atMost(LIMIT).until(() -> broker.down() == null);
                await().atMost(LIMIT).ignoreExceptions().until(() -> {
                    send(connections, "evefan.dead.x", 100, 101, 10);
                    return true;
                });
                assertThat(numbers(broker)).startsWith(0, 1, 2, 3, 4).contains(100);
                assertThat(broker.losses()).isEmpty();
            } finally {
                connections.stop();
            }
        } finally {
            new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor();
        }
    }

    @Test
    void startsWithoutItsIndexAndLosesNothing() throws Exception {
        // Given
        BrokerSettings settings = filled();

        // When
        Files.delete(directory.resolve("db.data"));

        // Then
        assertThat(afterDamage(settings)).isEmpty();
    }

    @Test
    void makesADamagedIndexAnew() throws Exception {
        // Given
        BrokerSettings settings = filled();

        // When
        try (RandomAccessFile index =
                new RandomAccessFile(directory.resolve("db.data").toFile(), "rw")) {
            for (long position = 0; position < index.length(); position += 512) {
                index.seek(position);
                index.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            }
        }

        // Then
        assertThat(afterDamage(settings)).isEmpty();
    }

    @Test
    void losesOfADamagedStoreOnlyWhatIsDamaged() throws Exception {
        // Given
        BrokerSettings settings = filled();

        // When
        flip(MIDDLE);

        // Then
        assertThat(afterDamage(settings)).containsExactly(MIDDLE);
    }

    @Test
    void namesADamagedEnd() throws Exception {
        // Given
        BrokerSettings settings = filled();

        // When
        flip(FEW - 1);

        // Then
        assertThat(afterDamage(settings)).containsExactly(FEW - 1);
    }

    @Test
    void namesADamageOnceAlsoWithoutAnIndex() throws Exception {
        // Given
        BrokerSettings settings = filled();
        flip(MIDDLE);

        // When
        Files.delete(directory.resolve("db.data"));

        // Then
        assertThat(afterDamage(settings)).containsExactly(MIDDLE);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            assertThat(broker.losses()).isEmpty();
        }
    }

    @Test
    void beginsAnewWhereNothingCanBeRead() throws Exception {
        // Given
        BrokerSettings settings = filled();

        // When
        Files.write(directory.resolve("db-1.log"), new byte[] {1, 2, 3});

        // Then
        assertThat(afterDamage(settings)).hasSize(FEW);
    }

    /** Numbers that are lost; what is left is in order. */
    private List<Integer> afterDamage(BrokerSettings settings) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            List<Integer> left = numbers(broker);
            List<Integer> lost = new ArrayList<>(IntStream.range(0, FEW).boxed().toList());
            lost.removeAll(left);
            assertThat(left).isSorted();
            assertThat(broker.losses().isEmpty()).as(broker.losses().toString()).isEqualTo(lost.isEmpty());
            if (!lost.isEmpty()) {
                assertThat(setAside()).isNotEmpty();
            }
            send(settings, "evefan.dead.x", 1, 10);
            return lost;
        }
    }

    private BrokerSettings filled() throws Exception {
        directory = Files.createDirectory(directory.resolve("activemq"));
        BrokerSettings settings = new BrokerSettings("", "", "", directory, 4L << 30);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            send(settings, "evefan.dead.x", FEW, 1_000);
            assertThat(numbers(broker)).hasSize(FEW);
        }
        return settings;
    }

    /** Four bytes of the message {@code number}. */
    private void flip(int number) throws Exception {
        Path file = directory.resolve("db-1.log");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(number + " ".repeat(100));
        assertThat(at).isPositive();
        for (int i = at + 4; i < at + 8; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
    }

    private List<Path> setAside() throws IOException {
        try (var files = Files.list(directory.getParent())) {
            return files.filter(file -> file.getFileName().toString().startsWith(directory.getFileName() + ".damaged-"))
                    .toList();
        }
    }

    private static List<Integer> numbers(EmbeddedBroker broker) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        try (QueueWalk walk = broker.walk("evefan.dead.x")) {
            for (Message message = walk.next(); message != null; message = walk.next()) {
                numbers.add(Integer.parseInt(((TextMessage) message).getText().strip()));
            }
        }
        return numbers;
    }

    private static void send(BrokerSettings settings, String queue, int count, int size) throws Exception {
        JmsPoolConnectionFactory connections = BrokerConnections.create(settings);
        try {
            send(connections, queue, 0, count, size);
        } finally {
            connections.stop();
        }
    }

    /** Each in a write of its own, its number first. */
    private static void send(ConnectionFactory connections, String queue, int from, int to, int size) throws Exception {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (int number = from; number < to; number++) {
                producer.send(session.createTextMessage(number + " ".repeat(size)));
            }
        }
    }

    private static int mount(Path disk) throws Exception {
        return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=150m", "tmpfs", disk.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[1 << 20]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    @ParameterizedTest
    @CsvSource({"evefan.dead.y,true", "evefan.retry.x,false", "orders,false", "'evefan.dead.y,evefan.dead.z',false"})
    void movesMessagesOnlyToDeadLetters(String target, boolean moves) throws Exception {
        BrokerSettings settings = new BrokerSettings("", "", "", directory, 4L << 30);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
            send(settings, "evefan.dead.x", 1, 10);
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            ObjectName queue = new ObjectName("org.apache.activemq:type=Broker,brokerName=evefan,"
                    + "destinationType=Queue,destinationName=evefan.dead.x");
            String[] strings = {"java.lang.String", "java.lang.String"};

            // When
            for (String operation : moves
                    ? List.of("moveMatchingMessagesTo")
                    : List.of("copyMatchingMessagesTo", "moveMatchingMessagesTo")) {
                try {
                    beans.invoke(queue, operation, new Object[] {"", target}, strings);
                } catch (RuntimeMBeanException e) {
                    assertThat(moves).as(e.toString()).isFalse();
                    assertThat(e.getCause()).hasMessageContaining("evefan.dead.<destination>");
                }
            }

            // Then
            assertThat(broker.depth("evefan.dead.x")).isEqualTo(moves ? 0 : 1);
            assertThat(broker.depth("evefan.dead.y")).isEqualTo(moves ? 1 : 0);
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
