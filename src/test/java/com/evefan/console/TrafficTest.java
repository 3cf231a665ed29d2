package com.evefan.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficTest {
    private static final Instant NOW = Instant.parse("2026-11-28T03:07:18Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final Traffic traffic = new Traffic(clock);

    @TempDir
    Path directory;

    @Test
    void looksAtAllEventsWhereFewComeAndCountsTheRest() {
        // When
        traffic.appended(batch("web", "Viewed", 3));
        Traffic.Second few = traffic.next();
        for (int i = 0; i < 100; i++) {
            traffic.appended(batch("web", "Viewed", 100));
        }
        Traffic.Second many = traffic.next();

        // Then
        assertThat(few.rows()).hasSize(3);
        assertThat(few.seen()).containsEntry("web", 3L);
        assertThat(many.rows()).hasSizeBetween(100, 200);
        assertThat(many.seen()).containsEntry("web", 10_000L);
    }

    @Test
    void knowsAfterARestartWhenASourceWasSeen() throws Exception {
        // Given
        Path file = directory.resolve("catalogue.json");
        Catalogue before = new Catalogue(file, clock);
        traffic.appended(batch("web", "Viewed", 1));
        before.add(traffic.next());
        before.save();

        // When
        Catalogue catalogue = new Catalogue(file, clock);
        catalogue.load();
        Traffic restarted = new Traffic(clock);
        catalogue.lastSeen().forEach(restarted::seenBefore);

        // Then
        assertThat(restarted.lastSeen("web")).isEqualTo(catalogue.lastSeen().get("web"));
        assertThat(catalogue.lastSeen()).containsOnlyKeys("web");
        assertThat(restarted.lastSeen("dev")).isNull();
    }

    @Test
    void countsNamesOfASampleForAllThatCame() throws Exception {
        // Given
        Path file = directory.resolve("catalogue.json");
        Catalogue catalogue = new Catalogue(file, clock);

        // When
        for (int i = 0; i < 100; i++) {
            traffic.appended(batch("web", "Viewed", 50));
        }
        catalogue.add(traffic.next());
        traffic.appended(batch("web", "product viewed", 1));
        traffic.appended(batch("web", "Product_Viewed", 2));
        catalogue.add(traffic.next());
        catalogue.save();

        // Then
        assertThat(Files.size(file)).isPositive();
        Catalogue again = new Catalogue(file, clock);
        again.load();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        again.write("web", json);
        JsonNode first = json.at("/names/0");
        assertThat(first.path("name").asText()).isEqualTo("Viewed");
        assertThat(first.path("count").asLong()).isEqualTo(5_000);
        assertThat(json.at("/names/2/name").asText()).isEqualTo("product viewed");
        assertThat(json.at("/names/2/similarTo").asText()).isEqualTo("Product_Viewed");
        assertThat(json.at("/sdks/0/version").asText()).isEqualTo("1.2");
    }

    @Test
    void aCatalogueThatCannotBeReadBeginsAnew() throws Exception {
        Path file = directory.resolve("catalogue.json");
        Files.writeString(file, "{\"since\":\"2026-11-28T03:07:18Z\",\"sources\":{\"web\":{\"names\":[[1]]}}}");
        Catalogue catalogue = new Catalogue(file, clock);

        // When
        catalogue.load();
        catalogue.add(new Traffic.Second(
                List.of(Row.of(batch("web", "Viewed", 1).events().get(0))), java.util.Map.of()));

        // Then
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        catalogue.write("web", json);
        assertThat(json.path("names").size()).isEqualTo(1);
    }

    @Test
    void keepsTheLastThousandWhileSomebodyLooks() {
        // When
        traffic.appended(batch("web", "Unseen", 10));
        traffic.next();
        traffic.watch(true, List.of());
        traffic.refused(
                List.of(new Invalid(
                        0, "bad", "userId is missing", "{\"event\":\"Bad\"}".getBytes(StandardCharsets.UTF_8))),
                new Invalid.Sender("ios", null, null));
        for (int i = 0; i < 30; i++) {
            traffic.next();
            for (int k = 0; k < 60; k++) {
                traffic.appended(batch("web", "Seen", 1));
            }
        }
        traffic.next();

        // Then
        assertThat(traffic.last(filter(null, null), 2_000)).hasSize(1_000);
        assertThat(traffic.last(filter("Unseen", null), 2_000)).isEmpty();
        traffic.watch(false, List.of());
        assertThat(traffic.last(filter(null, null), 2_000)).isEmpty();
    }

    @Test
    void aRowNamesWhatListsShowAndWhoItIsNotFor() {
        // Given
        Event event = event("web", "m1", "Viewed", ",\"integrations\":{\"All\":false,\"crm\":true}");
        Row refused = Row.of(
                new Invalid(0, null, "too large", "{\"type\":\"page\",\"name\":\"Ho".getBytes(StandardCharsets.UTF_8)),
                null,
                NOW);

        // Then
        assertThat(Row.of(event).json(Set.of("crm", "postgres")).toString())
                .isEqualTo(
                        "{\"at\":\"2026-11-28T03:07:17Z\",\"state\":\"accepted\",\"source\":\"web\",\"type\":\"track\","
                                + "\"name\":\"Viewed\",\"messageId\":\"m1\",\"userId\":\"u\",\"notFor\":[\"postgres\"]}");
        assertThat(refused.json(Set.of()).path("state").asText()).isEqualTo("refused");
        assertThat(refused.type()).isEqualTo("page");
        assertThat(filter(null, "VIEWED").matches(Row.of(event))).isTrue();
        assertThat(filter(null, "bought").matches(Row.of(event))).isFalse();
    }

    @Test
    void failedCallsAreThoseThatNobodyAnsweredAsTheyShould() {
        // When
        traffic.called("crm", 5, 2_000_000);
        traffic.failed("crm", new RejectedException("one event", "HTTP 400", null));
        traffic.called("crm", 7, 3_000_000);
        traffic.failed("crm", new RetryableException("HTTP 500", null));

        // Then
        assertThat(traffic.calls("crm").failed.sum()).isEqualTo(1);
        assertThat(traffic.calls("crm").last).isEqualTo(new Traffic.Call(NOW, 7, 3.0, false));
    }

    @Test
    void quantilesAreWithinAFifth() {
        Spread spread = new Spread();
        long[] before = spread.counts();
        for (int millis = 1; millis <= 1_000; millis++) {
            spread.add(millis, 1);
        }

        // Then
        assertThat(Spread.quantile(before, spread.counts(), 0.5)).isBetween(0.4, 0.6);
        assertThat(Spread.quantile(before, spread.counts(), 0.99)).isBetween(0.8, 1.2);
        assertThat(Spread.quantile(spread.counts(), spread.counts(), 0.5)).isNull();
        spread.add(Double.MAX_VALUE, 1);
        spread.add(-5, 1);
    }

    private static Row.Filter filter(String name, String text) {
        return new Row.Filter(null, null, name, null, text, null);
    }

    private static EventBatch batch(String source, String name, int size) {
        return EventBatch.of(IntStream.range(0, size)
                .mapToObj(i -> event(source, name + i, name, ""))
                .toList());
    }

    private static Event event(String source, String id, String name, String more) {
        String json = "{\"type\":\"track\",\"messageId\":\"" + id + "\",\"source\":\"" + source
                + "\",\"timestamp\":\"2026-11-28T03:07:17.000Z\",\"receivedAt\":\"2026-11-28T03:07:17.000Z\",\"userId\":\"u\","
                + "\"event\":\"" + name + "\",\"context\":{\"page\":{\"name\":\"x\"},\"library\":{\"name\":\"sdk\","
                + "\"version\":\"1.2\"}}" + more + "}";
        return EventCodec.decode(json.getBytes(StandardCharsets.UTF_8)).get(0);
    }
}
