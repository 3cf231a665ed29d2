package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that need a component, or a server, of their own. */
class ComponentExamplesIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void sendsKafkaOneRecordPerEventKeyedByUser() throws Exception {
        try (KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"));
                ExampleEvefan evefan = ExampleEvefan.start(
                        directory, Map.of("kafka.brokers", kafka.address(), "kafka.topic", "seen"), "kafka")) {
            // When
            for (int i = 0; i < 5; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // Then
            var records = kafka.records("seen", 5, SOON);
            assertThat(records).hasSize(5).allMatch(record -> record.key().equals("ada"));
            assertThat(records.get(0).value()).contains("\"messageId\":\"m0\"");
        }
    }

    @Test
    void tellsOfAKafkaThatIsAwayAfterOneRecordsWaitAndNotAfterAll() throws Exception {
        Map<String, String> nobody =
                Map.of("kafka.brokers", "127.0.0.1:" + RunningEvefan.freePort(), "kafka.batch.max-age-ms", "500");
        try (ExampleEvefan evefan = ExampleEvefan.start(directory, nobody, "kafka")) {
            // When
            for (int i = 0; i < 10; i++) {
                evefan.track("m" + i, "Hello", "");
            }

            // Then
            await().atMost(SOON)
                    .until(() -> evefan.health("kafka").path("status").asText().equals("retrying"));
            assertThat(evefan.health("kafka").path("message").asText()).contains("not present in metadata");
        }
    }

    @Test
    void putsZippedLinesIntoS3() throws Exception {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        try (ReceivingServer s3 = new ReceivingServer()) {
            Map<String, String> properties = Map.of(
                    "s3.bucket",
                    "events",
                    "s3.endpoint",
                    s3.url(),
                    "s3.override",
                    "true",
                    "s3.path-style",
                    "true",
                    "s3.batch.max-age-ms",
                    "500");
            // When
            try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, "s3")) {
                evefan.track("m1", "Hello", "");
                evefan.track("m2", "Hello", "");

                // Then
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(lines(s3))
                                .hasSize(2)
                                .anyMatch(line -> line.contains("\"m1\""))
                                .anyMatch(line -> line.contains("\"m2\"")));
            }
            assertThat(s3.requests()).allSatisfy(put -> {
                assertThat(put.method()).isEqualTo("PUT");
                assertThat(put.path()).startsWith("/events/events/20").endsWith(".ndjson.gz");
            });
        }
    }

    /** The lines of all objects: one, or two where the batch was complete in between. */
    private static List<String> lines(ReceivingServer s3) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (ReceivingServer.Request put : s3.requests()) {
            lines.append(unzipped(put.body()));
        }
        return lines.toString().lines().toList();
    }

    /** The client may send the body in signed chunks: the zipped part is in between. */
    private static String unzipped(byte[] body) throws Exception {
        int start = 0;
        while (body[start] != 0x1f || body[start + 1] != (byte) 0x8b) {
            start++;
        }
        GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body, start, body.length - start));
        java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
        for (int next = read(gzip); next >= 0; next = read(gzip)) {
            text.write(next);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static int read(GZIPInputStream gzip) {
        try {
            return gzip.read();
        } catch (java.io.IOException e) {
            return -1; // what follows the zipped part is the chunk's end
        }
    }

    @Test
    void insertsOrdersWithTheUsersOwnSql() throws Exception {
        int port = RunningEvefan.freePort();
        Map<String, String> properties =
                Map.of("evefan.postgres.url", "", "evefan.postgres.embedded.port", String.valueOf(port));
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/evefan";
        try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, "orders");
                Connection connection = DriverManager.getConnection(url, "evefan", "evefan")) {
            // Given
            connection
                    .createStatement()
                    .execute("create table orders (id text primary key, at timestamptz not null, customer text,"
                            + " total numeric not null)");

            // When
            evefan.track("m1", "Order Completed", "\"properties\":{\"total\":12.50}");
            evefan.track("m2", "Something Else", "");
            evefan.track("bad", "Order Completed", "");
            evefan.track("m3", "Order Completed", "\"properties\":{\"total\":3}");

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(orders(connection)).isEqualTo("m1 12.50, m3 3"));
        }
    }

    private static String orders(Connection connection) throws Exception {
        try (ResultSet rows = connection
                .createStatement()
                .executeQuery("select string_agg(id || ' ' || total, ', ' order by id) from orders")) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    @Test
    void mailsFailedPayments() throws Exception {
        try (SmtpServer smtp = SmtpServer.start()) {
            Map<String, String> properties =
                    Map.of("mail.server", smtp.address(), "mail.from", "a@example.org", "mail.to", "b@example.org");
            // When
            try (ExampleEvefan evefan = ExampleEvefan.start(directory, properties, "mail")) {
                evefan.track("m1", "Payment Failed", "");
                evefan.track("m2", "Hello", "");
            } // what is collected is delivered when Evefan stops

            // Then
            await().atMost(SOON).untilAsserted(() -> assertThat(smtp.mails()).hasSize(1));
            assertThat(smtp.mails().get(0))
                    .contains("Subject: 1 failed payments")
                    .contains("\"userId\":\"ada\"");
        }
    }

    @Test
    void postsOneChatMessageForEachFailedPayment() throws Exception {
        try (ReceivingServer chat = new ReceivingServer();
                ExampleEvefan evefan = ExampleEvefan.start(directory, Map.of("slack.url", chat.url()), "slack")) {
            // When
            evefan.track("m1", "Payment Failed", "");
            evefan.track("m2", "Hello", "");
            evefan.track("m3", "Payment Failed", "\"userId\":\"<!channel> @here ada@example.org\"");

            // Then
            await().atMost(SOON).until(() -> chat.requests().size() == 2);
            assertThat(chat.requests().get(0).text()).isEqualTo("{\"text\":\"Payment of ada failed\"}");
            assertThat(chat.requests().get(1).text())
                    .isEqualTo("{\"text\":\"Payment of __channel__(at)here_ada(at)example.org failed\"}");
        }
    }
}
