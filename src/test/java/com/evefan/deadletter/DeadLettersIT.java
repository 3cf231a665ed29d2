package com.evefan.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.evefan.admin.ApiException;
import com.evefan.broker.BrokerConnections;
import com.evefan.broker.BrokerQueues;
import com.evefan.broker.BrokerSettings;
import com.evefan.broker.EmbeddedBroker;
import com.evefan.counters.Counter;
import com.evefan.counters.Counters;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetrySettings;
import com.evefan.delivery.RetryableException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.journal.Place;
import com.evefan.journal.local.JournalSettings;
import com.evefan.journal.local.LocalJournal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** Dead letters in a real broker; each test has a queue of its own, and one destination that does as it is told. */
class DeadLettersIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant FAILED = Instant.parse("2026-11-23T03:00:00Z");

    @TempDir
    static Path directory;

    private static EmbeddedBroker embedded;
    private static JmsPoolConnectionFactory connections;
    private static BrokerQueues broker;
    private static DefaultCamelContext context;
    private static LocalJournal journal;
    private static Counters counters;
    private static Destinations destinations;
    private static final List<String> DELIVERED = new CopyOnWriteArrayList<>();
    private static final Set<String> REJECTED = ConcurrentHashMap.newKeySet();
    private static final Set<String> FAILING = ConcurrentHashMap.newKeySet();
    private static int number;

    private String name;
    private RefusedEvents refused;
    private Deliveries deliveries;
    private DeadLetterApi api;

    @BeforeAll
    static void start() throws Exception {
        BrokerSettings settings = new BrokerSettings("", "", "", directory.resolve("activemq"), 4L << 30);
        embedded = EmbeddedBroker.start(settings);
        connections = BrokerConnections.create(settings);
        broker = new BrokerQueues(connections, embedded);
        context = new DefaultCamelContext();
        journal = LocalJournal.open(JournalSettings.in(directory.resolve("journal")));
        counters = Counters.open(directory.resolve("counters.json"), Duration.ofHours(1), Clock.systemUTC());
        Duration brief = Duration.ofMillis(10);
        RetrySettings retry = new RetrySettings(3, brief, brief, brief, brief, Duration.ofDays(4));
        destinations = new Destinations(() -> journal, counters, retry, Clock.systemUTC());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                routeTemplate("batch")
                        .templateParameter("destination")
                        .templateParameter("maxEvents")
                        .templateParameter("maxBytes")
                        .templateParameter("maxAge")
                        .from("direct:batch-{{destination}}")
                        .to("log:batch");
            }
        });
        context.getManagementStrategy().addEventNotifier(destinations);
        context.start();
    }

    @AfterAll
    static void stop() throws Exception {
        context.stop();
        destinations.close();
        counters.close();
        journal.close();
        connections.stop();
        embedded.close();
    }

    @BeforeEach
    void destination() throws Exception {
        name = "d" + number++;
        DELIVERED.clear();
        REJECTED.clear();
        FAILING.clear();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:" + name)
                        .routeId(name)
                        .routeGroup("destination")
                        .process(exchange -> deliver(exchange.getMessage().getBody(EventBatch.class)));
            }
        });
        deliveries = new Deliveries(
                context.createProducerTemplate(), destinations, DeliveryObserver.NONE, Clock.systemUTC());
        DeadLetterApi.Settings settings =
                new DeadLetterApi.Settings(Duration.ZERO, new RefusedEvents.Settings(1 << 20, Duration.ofDays(1)));
        refused = RefusedEvents.open(directory.resolve(name), settings.refused(), Clock.systemUTC());
        api = new DeadLetterApi(
                connections,
                broker,
                counters,
                destinations,
                deliveries,
                refused,
                new DeadLetters(Clock.systemUTC(), counters),
                settings,
                Clock.systemUTC());
    }

    private static void deliver(EventBatch batch) throws Exception {
        for (Event event : batch.events()) {
            if (FAILING.contains(event.messageId())) {
                throw new RetryableException("the other side is away", null);
            }
            if (REJECTED.contains(event.messageId())) {
                throw new RejectedException("not this one", "no", null);
            }
        }
        batch.events().forEach(event -> DELIVERED.add(event.messageId()));
    }

    @Test
    void leavesForeignMessagesWhereTheyAre() throws Exception {
        // Given
        send(0, 2);
        sendForeign();
        send(2, 4);
        assertThat(ids()).containsExactly("m0", "m1", "foreign", "foreign", "foreign", "foreign", "m2", "m3");

        // When / Then: shown
        JsonNode shown = JSON.readTree(text(api.show(name, null, exchange())));
        assertThat(shown.path("deadLetters")).hasSize(8);
        assertThat(shown.path("deadLetters").path(2).path("foreign").asBoolean())
                .isTrue();
        assertThat(list().path("count").asLong()).isEqualTo(8);
        assertThat(list().path("foreign").asLong()).isEqualTo(4);
        assertThat(text(api.export(name, null, exchange())).lines()).hasSize(8);

        // When / Then: replayed
        JsonNode replay = replay(null);
        assertThat(replay.path("finished").asBoolean()).as(replay.toString()).isTrue();
        assertThat(replay.path("moved").asLong()).isEqualTo(4);
        assertThat(DELIVERED).containsExactly("m0", "m1", "m2", "m3");
        assertThat(ids()).containsExactly("foreign", "foreign", "foreign", "foreign");

        // When / Then: deleted
        send(4, 5);
        assertThat(delete("all=true")).isEqualTo(1);
        assertThat(ids()).containsExactly("foreign", "foreign", "foreign", "foreign");
    }

    @Test
    void deletesThoseThatMatchAndKeepsTheOrderOfTheOthers() throws Exception {
        // Given
        send(0, 1_200);

        // When
        long deleted = delete("userId=u7");

        // Then
        assertThat(deleted).isEqualTo(120);
        assertThat(ids())
                .containsExactlyElementsOf(IntStream.range(0, 1_200)
                        .filter(i -> i % 10 != 7)
                        .mapToObj(i -> "m" + i)
                        .toList());
        assertThat(count(Counter.DELETED)).isEqualTo(120);
    }

    @Test
    void replaysThoseThatMatchInOrderWithTheirOriginalTimes() throws Exception {
        // Given
        send(0, 20);

        // When
        replay("messageId=m3");
        replay("reason=BAD&until=2026-11-24T00:00:00Z");

        // Then
        List<String> expected = new ArrayList<>(List.of("m3"));
        IntStream.range(0, 20).filter(i -> i != 3).forEach(i -> expected.add("m" + i));
        assertThat(DELIVERED).isEqualTo(expected);
        assertThat(ids()).isEmpty();
        assertThat(count(Counter.DELIVERED)).isEqualTo(20);
    }

    @Test
    void makesARejectedOneADeadLetterAgain() throws Exception {
        // Given
        send(0, 5);
        REJECTED.add("m2");

        // When
        JsonNode replay = replay(null);

        // Then
        assertThat(replay.path("delivered").asLong()).isEqualTo(4);
        assertThat(replay.path("rejected").asLong()).isEqualTo(1);
        assertThat(DELIVERED).containsExactly("m0", "m1", "m3", "m4");
        JsonNode letter = JSON.readTree(text(api.show(name, null, exchange())))
                .path("deadLetters")
                .path(0);
        assertThat(letter.path("reason").asText()).isEqualTo("not this one");
        assertThat(letter.path("attempts").asInt()).isEqualTo(2);
        assertThat(letter.path("firstFailure").asText()).isEqualTo(FAILED.toString());
        assertThat(letter.path("event").path("messageId").asText()).isEqualTo("m2");
        assertThat(letter.path("event").path("receivedAt").asText()).isEqualTo("2026-11-23T02:00:01.000Z");
    }

    @Test
    void stopsWhereTheDestinationFailsAndSaysWhy() throws Exception {
        // Given
        send(0, 1_300);
        FAILING.add("m700");
        REJECTED.add("m1");

        // When
        JsonNode replay = replay(null);

        // Then
        assertThat(replay.path("finished").asBoolean()).isTrue();
        assertThat(replay.path("message").asText()).isEqualTo("stopped: the other side is away");
        assertThat(replay.path("delivered").asLong()).isEqualTo(499);
        List<String> left = new ArrayList<>(
                IntStream.range(500, 1_300).mapToObj(i -> "m" + i).toList());
        left.add("m1");
        assertThat(ids()).isEqualTo(left);

        // When
        FAILING.clear();
        REJECTED.clear();
        replay(null);

        // Then
        assertThat(ids()).isEmpty();
        assertThat(DELIVERED.subList(499, 1_300)).isEqualTo(left);
    }

    @Test
    void keepsTheOrderOfTheOthersWhenItStopsInTheMiddle() throws Exception {
        // Given
        send(0, 1_300);
        FAILING.add("m707");

        // When
        replay("userId=u7");

        // Then
        assertThat(DELIVERED)
                .containsExactlyElementsOf(IntStream.range(0, 500)
                        .filter(i -> i % 10 == 7)
                        .mapToObj(i -> "m" + i)
                        .toList());
        assertThat(ids())
                .containsExactlyElementsOf(IntStream.range(0, 1_300)
                        .filter(i -> i % 10 != 7 || i > 500)
                        .mapToObj(i -> "m" + i)
                        .toList());
    }

    @Test
    void losesNothingWhenItIsKilledBetweenDeliveryAndCommit() throws Exception {
        // Given
        send(0, 10);
        DeadLetterScan scan = new DeadLetterScan(connections, broker, destination -> {});
        DeadLetterScan.Use killed = new DeadLetterScan.Use() {
            @Override
            public boolean goOn() {
                return true;
            }

            @Override
            public DeadLetterScan.Used use(List<DeadLetter> letters) {
                throw new IllegalStateException("killed");
            }

            @Override
            public void committed(DeadLetterScan.Used used) {}
        };

        // When
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> scan.run("evefan.dead." + name, Filter.ALL, killed));

        // Then
        replay(null);
        assertThat(DELIVERED)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void deletesWhatIsOlderThanTheRetention() throws Exception {
        // Given: foreign, old, old, young
        sendForeign();
        send(0, 2);
        send(List.of(envelope(2, Instant.now())));
        Retention retention = new Retention(
                new DeadLetterScan(connections, broker, destination -> {}),
                broker,
                refused,
                counters,
                () -> Set.of(name),
                Duration.ofDays(1),
                Clock.fixed(FAILED.plus(Duration.ofDays(2)), java.time.ZoneOffset.UTC));

        // When
        retention.look();
        retention.look();

        // Then
        assertThat(ids()).contains("m2").doesNotContain("m0", "m1").hasSize(5);
        assertThat(count(Counter.DELETED)).isEqualTo(2);
    }

    @Test
    void takesRefusedEventsOfAnEarlierVersionOver() throws Exception {
        // Given
        sendTo("evefan.dead.ingest", List.of(envelope(0, FAILED), envelope(1, FAILED)));
        Retention retention = new Retention(
                new DeadLetterScan(connections, broker, destination -> {}),
                broker,
                refused,
                counters,
                Set::of,
                Duration.ZERO,
                Clock.systemUTC());

        // When
        retention.look();

        // Then
        try (Letters left = Letters.in("evefan.dead.ingest", broker)) {
            assertThat(left.next()).isNull();
        }
        assertThat(text(api.export("ingest", null, exchange())).lines()).hasSize(2);
        assertThat(delete("ingest", "messageId=m0")).isEqualTo(1);
        assertThat(text(api.export("ingest", null, exchange())).lines()).hasSize(1);
    }

    @Test
    void setsTheBooksRightAfterAKill() throws Exception {
        // Given: three letters and a foreign message in the queue, five in the books
        send(0, 3);
        sendForeign();
        Place.Tally ended = new Place.Tally(0, 5, 0, 0);

        // When
        api.setRight(name, ended);

        // Then
        assertThat(count(Counter.DELETED)).isEqualTo(2);
        assertThat(counters.of(name).deadLetters(ended)).isEqualTo(3);

        // When
        send(3, 5);
        api.setRight(name, ended);

        // Then
        assertThat(counters.of(name).deadLetters(ended)).isEqualTo(5);
    }

    @Test
    void saysWhenAnAnswerIsCutShort() throws Exception {
        // Given
        send(0, 3);

        // Then
        JsonNode shown = JSON.readTree(text(api.show(name, "limit=2", exchange())));
        assertThat(shown.path("shown").asInt()).isEqualTo(2);
        assertThat(shown.path("cutShort").asText()).contains("limit of 2");
        assertThat(JSON.readTree(text(api.show(name, "limit=3", exchange()))).has("cutShort"))
                .isFalse();
        assertThat(text(api.export(name, "limit=2", exchange()))
                        .lines()
                        .toList()
                        .get(2))
                .isEqualTo("{\"cutShort\":\"there are more than the limit of 2\",\"shown\":2}");
        assertThat(text(api.export(name, "limit=3", exchange())).lines()).hasSize(3);
    }

    @Test
    void makesOnlySoManyAnswersAtOnce() throws Exception {
        // Given
        send(0, 1);
        List<InputStream> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(api.export(name, null, exchange()));
        }

        // Then
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.export(name, null, exchange()))
                .satisfies(e -> assertThat(e.status()).isEqualTo(429));
        text(open.get(0));
        text(api.export(name, null, exchange()));
        for (InputStream stream : open) {
            stream.close();
        }
    }

    @Test
    void refusesWhatMayMeanMoreThanItSays() {
        for (String query : new String[] {"eror=x", "all=true&error=x", "", null, "all=1"}) {
            assertThatExceptionOfType(ApiException.class)
                    .as(query)
                    .isThrownBy(() -> api.delete(name, query, null, exchange()))
                    .satisfies(e -> assertThat(e.status()).isEqualTo(400));
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.replay(name, null, "error=x".getBytes(StandardCharsets.UTF_8), exchange()))
                .withMessageContaining("query");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.replay("nobody", null, null, exchange()))
                .satisfies(e -> assertThat(e.status()).isEqualTo(404));
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> api.show("nobody", null, exchange()))
                .satisfies(e -> assertThat(e.status()).isEqualTo(404));
    }

    @Test
    void drainsAnOldRetryQueueInOrder() throws Exception {
        // Given
        String queue = "evefan.retry." + name;
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (int message = 0; message < 5; message++) {
                List<Event> events = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    events.add(event(message * 10 + i));
                }
                BytesMessage bytes = session.createBytesMessage();
                bytes.writeBytes(EventCodec.encode(events));
                if (message > 0) {
                    bytes.setIntProperty("evefanEvents", 10);
                    bytes.setStringProperty("evefanFirstFailure", message == 1 ? "yesterday" : FAILED.toString());
                }
                producer.send(bytes);
                if (message == 2) {
                    producer.send(session.createTextMessage("not ours"));
                    BytesMessage garbage = session.createBytesMessage();
                    garbage.writeBytes(new byte[] {1, 2, 3});
                    producer.send(garbage);
                }
            }
            session.commit();
        }
        REJECTED.add("m22");
        OldRetryQueues old = new OldRetryQueues(
                connections,
                broker,
                destinations,
                deliveries,
                counters,
                Duration.ofDays(4),
                Clock.fixed(FAILED, java.time.ZoneOffset.UTC));

        // When
        old.drain(name).get(30, TimeUnit.SECONDS);

        // Then
        assertThat(DELIVERED)
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .filter(i -> i != 22)
                        .mapToObj(i -> "m" + i)
                        .toList());
        assertThat(ids()).containsExactly("m22", "foreign", "foreign");
        assertThat(broker.namesAfter("evefan.retry.")).doesNotContain(name);
        assertThat(count(Counter.DELIVERED)).isEqualTo(49);
        assertThat(count(Counter.REJECTED)).isEqualTo(1);
    }

    @Test
    void givesUpWhatIsTooOldInAnOldRetryQueue() throws Exception {
        // Given
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue("evefan.retry." + name))) {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(EventCodec.encode(List.of(event(0), event(1))));
            bytes.setStringProperty("evefanFirstFailure", FAILED.toString());
            producer.send(bytes);
        }
        FAILING.add("m1");
        OldRetryQueues old = new OldRetryQueues(
                connections,
                broker,
                destinations,
                deliveries,
                counters,
                Duration.ofDays(4),
                Clock.fixed(FAILED.plus(Duration.ofDays(5)), java.time.ZoneOffset.UTC));

        // When
        old.drain(name).get(30, TimeUnit.SECONDS);

        // Then
        JsonNode letters = JSON.readTree(text(api.show(name, null, exchange()))).path("deadLetters");
        assertThat(letters).hasSize(2);
        assertThat(letters.path(0).path("error").asText()).isEqualTo("expired");
        assertThat(letters.path(0).path("reason").asText())
                .isEqualTo("not delivered within 96 hours: the other side is away");
    }

    private long count(Counter counter) {
        return destinations.known(name).counters().get(counter);
    }

    /** To its end. */
    private JsonNode replay(@Nullable String query) throws Exception {
        api.replay(name, query, null, exchange());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> list().path("replay").path("finished").asBoolean());
        return list().path("replay");
    }

    private JsonNode list() throws Exception {
        return JSON.readTree(api.list(null, exchange())).path("deadLetters").path(name);
    }

    private long delete(String query) throws Exception {
        return delete(name, query);
    }

    private long delete(String of, String query) throws Exception {
        return JSON.readTree(api.delete(of, query, null, exchange()))
                .path("deleted")
                .asLong();
    }

    private List<String> ids() throws Exception {
        List<String> ids = new ArrayList<>();
        try (Letters letters = Letters.in("evefan.dead." + name, broker)) {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                ids.add(letter.isForeign() ? "foreign" : letter.messageId());
            }
        }
        return ids;
    }

    private static String text(InputStream stream) throws Exception {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Exchange exchange() {
        return new DefaultExchange(context);
    }

    private static Event event(int i) {
        String json = "{\"type\":\"track\",\"messageId\":\"m" + i + "\",\"source\":\"web\",\"timestamp\":"
                + "\"2026-11-23T02:00:00.000Z\",\"receivedAt\":\"2026-11-23T02:00:01.000Z\",\"userId\":\"u" + i % 10
                + "\",\"event\":\"Order\"}";
        return EventCodec.decode(json.getBytes(StandardCharsets.UTF_8)).get(0);
    }

    private static String envelope(int i, Instant at) {
        return new Envelope("d", "bad value", "22003", 1, at, at, event(i).json()).toJson();
    }

    private void send(int from, int to) throws Exception {
        send(IntStream.range(from, to).mapToObj(i -> envelope(i, FAILED)).toList());
    }

    private void send(List<String> letters) throws Exception {
        sendTo("evefan.dead." + name, letters);
    }

    private static void sendTo(String queue, List<String> letters) throws JMSException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            for (String letter : letters) {
                producer.send(session.createTextMessage(letter));
            }
            session.commit();
        }
    }

    /** An object whose class must not be loaded, bytes, text, and nothing. */
    private void sendForeign() throws JMSException {
        try (Connection connection = connections.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                MessageProducer producer = session.createProducer(session.createQueue("evefan.dead." + name))) {
            ObjectMessage object = session.createObjectMessage(new Trap());
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(new byte[] {0, 1, 2});
            for (Message message :
                    new Message[] {object, bytes, session.createTextMessage("{\"half\":"), session.createMessage()}) {
                producer.send(message);
            }
            session.commit();
        }
    }

    /** Fails the test when it is deserialised. */
    static final class Trap implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(java.io.ObjectInputStream in) {
            throw new AssertionError("deserialised");
        }
    }
}
