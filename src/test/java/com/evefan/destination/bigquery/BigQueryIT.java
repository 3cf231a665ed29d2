package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BigQueryIT {
    private BigQueryRoutes routes;
    private BigQueryServer server;

    @BeforeEach
    void start() throws Exception {
        routes = new BigQueryRoutes();
        server = routes.server;
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void createsDatasetAndTableOnceAndStoresTheRow() {
        // When
        Exception first = routes.deliver(track("a", "\"event\":\"Signed Up\",\"properties\":{\"n\":1.0E21}"));
        Exception second = routes.deliver(track("b", ""));

        // Then
        assertThat(first).isNull();
        assertThat(second).isNull();
        assertThat(server.datasets).containsExactly("evefan");
        assertThat(server.calls("POST", "/tables")).hasSize(2); // before and after the dataset was there
        assertThat(server.calls("GET", "/tables/tracks")).hasSize(1);
        JsonNode row = server.table("tracks").rows.get("a");
        assertThat(row.get("id").asText()).isEqualTo("a");
        assertThat(row.get("event").asText()).isEqualTo("signed_up");
        assertThat(row.get("timestamp").asText()).isEqualTo("2026-03-04T03:13:23.211Z");
        assertThat(row.get("extra_fields").asText()).contains("\"n\":1.0E21");
    }

    @Test
    void partitionsByDayAndClustersByEventWhereThereIsOne() {
        // When
        routes.deliver(track("a", ""), event(EventType.PAGE, "b", ""));

        // Then
        JsonNode tracks = server.table("tracks").resource;
        assertThat(tracks.path("timePartitioning").path("type").asText()).isEqualTo("DAY");
        assertThat(tracks.path("timePartitioning").path("field").asText()).isEqualTo("timestamp");
        assertThat(tracks.path("clustering").path("fields").path(0).asText()).isEqualTo("event");
        assertThat(server.table("pages").resource.has("clustering")).isFalse();
    }

    @Test
    void rejectsARowThatDoesNotFitWithItsColumnAndStoresTheOthers() {
        // When
        Exception error = routes.deliver(track("a", ""), old("bad"), track("c", ""));

        // Then
        assertThat(error).isInstanceOf(PartialDeliveryException.class).hasNoCause();
        assertThat(((PartialDeliveryException) error).again()).isEmpty();
        assertThat(((PartialDeliveryException) error).rejected())
                .singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.event().messageId()).isEqualTo("bad");
                    assertThat(rejected.error()).isEqualTo("invalid");
                    assertThat(rejected.reason())
                            .startsWith("timestamp: Value for field timestamp")
                            .contains("outside the allowed bounds");
                });
        assertThat(server.table("tracks").rows.keySet()).containsExactly("a", "c");
        assertThat(server.inserts).hasValue(1);
    }

    @Test
    void rejectsJsonThatIsNestedTooDeep() {
        // When
        Exception error = routes.deliver(track("a", "\"properties\":{\"p\":" + nested(497) + "}"), deep("bad"));

        // Then
        assertThat(((PartialDeliveryException) error).rejected())
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.reason()).startsWith("extra_fields: JSON exceeds"));
        assertThat(server.table("tracks").rows).containsOnlyKeys("a");
    }

    @Test
    void sendsStoppedRowsAgainAtOnceWithoutTheGuilty() {
        // Given
        server.skipsInvalidRows = false;

        // When
        Exception error = routes.deliver(track("a", ""), old("bad"), track("c", ""));

        // Then
        assertThat(((PartialDeliveryException) error).rejected()).hasSize(1);
        assertThat(((PartialDeliveryException) error).again()).isEmpty();
        assertThat(server.table("tracks").rows.keySet()).containsExactly("a", "c");
        assertThat(server.inserts).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"true, 2", "false, 1"})
    void sendsRowsThatFailedInTheBackendAgain(boolean skipsInvalidRows, int inserts) {
        // Given
        server.skipsInvalidRows = skipsInvalidRows;
        server.fail(Fault.BACKEND_ROWS);

        // When
        Exception error = routes.deliver(track("a", ""), track("b", ""), track("c", ""));

        // Then
        assertThat(error).isInstanceOf(PartialDeliveryException.class).hasCauseInstanceOf(RetryableException.class);
        assertThat(((PartialDeliveryException) error).again())
                .extracting(Event::messageId)
                .containsExactly("b");
        assertThat(((PartialDeliveryException) error).rejected()).isEmpty();
        assertThat(server.table("tracks").rows.keySet()).containsExactly("a", "c");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RATE_LIMITED",
                "QUOTA",
                "TOO_MANY",
                "INTERNAL",
                "UNAVAILABLE",
                "RESET_BEFORE",
                "RESET_AFTER",
                "SLOW"
            })
    void failsRetryablyAndIsOnceInEffect(Fault fault) {
        // Given
        server.fail(Fault.NONE, fault, fault); // the JDK's HTTP client repeats a request once by itself

        // When
        Exception before = routes.deliver(track("before", ""));
        Exception error = routes.deliver(track("a", ""), track("b", ""));
        Exception retry = routes.deliver(track("a", ""), track("b", ""));
        Exception last = routes.deliver(track("a", ""), track("b", ""));

        // Then
        assertThat(before).isNull();
        assertThat(error).isInstanceOf(RetryableException.class);
        assertThat(last).isNull();
        assertThat(server.table("tracks").rows.keySet()).containsExactly("before", "a", "b");
        assertThat(server.table("tracks").changed).isEmpty();
        assertThat(retry == null || retry instanceof RetryableException).isTrue();
    }

    @Test
    void passesOnHowLongBigQueryWantsToBeLeftAlone() {
        // Given
        server.fail(Fault.UNAVAILABLE, Fault.QUOTA);

        // When
        Exception unavailable = routes.deliver(track("a", ""));
        Exception quota = routes.deliver(track("a", ""));

        // Then
        assertThat(((RetryableException) unavailable).retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(((RetryableException) quota).retryAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "insertAll, the service account lacks bigquery.tables.updateData on dataset evefan",
        "tables, the service account lacks bigquery.tables.create on dataset evefan",
        "datasets, the service account lacks bigquery.datasets.create on project proj"
    })
    void saysWhichPermissionIsLacking(String denied, String message) {
        // Given
        server.denied = denied;

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error).isInstanceOf(SetUpException.class).hasMessageContaining(message);
    }

    @Test
    void takesRefusedCredentialsForAnErrorOfSetUp() {
        // Given
        server.fail(Fault.UNAUTHORIZED);

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error).isInstanceOf(SetUpException.class).hasMessageContaining("evefan.bigquery.credentials");
    }

    @Test
    void takesAMissingProjectForAnErrorOfSetUp() {
        // Given
        server.projectExists = false;

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error).isInstanceOf(SetUpException.class).hasMessageContaining("project proj");
    }

    @Test
    void waitsInPlaceUntilInsertsSeeANewTable() {
        // Given
        server.unseenInserts = 2;

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error).isNull();
        assertThat(routes.pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(server.table("tracks").rows).containsOnlyKeys("a");
    }

    @Test
    void retriesForMinutesThenCallsForHelpWhenInsertsNeverSeeATable() {
        // Given
        server.unseenInserts = 1000;

        // When
        Exception first = routes.deliver(track("a", ""));
        routes.now.updateAndGet(now -> now.plus(Duration.ofMinutes(16)));
        Exception later = routes.deliver(track("a", ""));

        // Then
        assertThat(first).isInstanceOf(RetryableException.class).hasMessageContaining("inserts do not see it yet");
        assertThat(later).isInstanceOf(SetUpException.class).hasMessageContaining("minutes that there is none");
    }

    @Test
    void createsATableAnewThatWasDropped() {
        // Given
        routes.deliver(track("a", ""));
        server.tables.clear();

        // When
        Exception error = routes.deliver(track("b", ""));

        // Then
        assertThat(error).isNull();
        assertThat(server.table("tracks").rows).containsOnlyKeys("b");
    }

    @Test
    void addsMissingColumnsToAnExistingTableAndChangesNothingElse() {
        // Given
        StoredTable table = ExistingTables.put(server, "tracks", "id:STRING:REQUIRED,mine:INTEGER,TIMESTAMP:TIMESTAMP");
        server.unseenInserts = 1;

        // When
        Exception error = routes.deliver(track("a", "\"event\":\"e\""));

        // Then
        assertThat(error).isNull();
        assertThat(table.resource.path("schema").path("fields").findValuesAsText("name"))
                .startsWith("id", "mine", "TIMESTAMP", "anonymous_id")
                .contains("extra_fields")
                .doesNotContain("timestamp");
        assertThat(table.resource
                        .path("schema")
                        .path("fields")
                        .path(0)
                        .path("mode")
                        .asText())
                .isEqualTo("REQUIRED");
        assertThat(table.resource.path("description").asText()).isEqualTo("mine");
        assertThat(table.rows).containsOnlyKeys("a");
        assertThat(routes.pauses).isNotEmpty();
    }

    @Test
    void rejectsOnlyRowsThatDoNotFitAColumnOfAnotherType() {
        // Given
        ExistingTables.put(server, "tracks", "id:STRING,user_id:INTEGER");

        // When
        Exception error = routes.deliver(track("a", "\"userId\":\"42\""), track("b", "\"userId\":\"bob\""));

        // Then
        assertThat(((PartialDeliveryException) error).rejected())
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.reason()).startsWith("user_id: Cannot convert"));
        assertThat(server.table("tracks").rows).containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    TABLE | id:STRING,tenant:STRING:REQUIRED | requires columns that events do not have: [tenant]
                    VIEW  | id:STRING                        | evefan.tracks is no table but a VIEW
                    """)
    void takesATableThatNoRowFitsForAnErrorOfSetUp(String type, String columns, String message) {
        // Given
        ExistingTables.put(server, "tracks", columns).resource.put("type", type);

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error).isInstanceOf(SetUpException.class).hasMessageContaining(message);
        assertThat(server.inserts).hasValue(0);
    }

    @Test
    void splitsARequestThatIsRefusedAsAWholeUntilTheGuiltyRowStandsAlone() {
        // Given
        List<Event> events = tracks(10);
        events.set(6, track("poison", ""));

        // When
        Exception error = routes.deliver(events);

        // Then
        assertThat(((PartialDeliveryException) error).rejected())
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.event().messageId()).isEqualTo("poison"));
        assertThat(((PartialDeliveryException) error).again()).isEmpty();
        assertThat(server.table("tracks").rows).hasSize(9);
    }

    @Test
    void blamesNoRowWhenEveryOneIsRefused() {
        // Given
        server.refusesEveryRow = true;

        // When
        Exception error = routes.deliver(tracks(200));

        // Then
        assertThat(error)
                .asInstanceOf(type(PartialDeliveryException.class))
                .satisfies(partial -> assertThat(partial.again()).hasSizeGreaterThan(170))
                .extracting(Throwable::getCause)
                .isInstanceOf(SetUpException.class);
        assertThat(server.inserts.get()).isLessThan(80);
    }

    @Test
    void halvesWhatIsTooLargeForBigQuery() {
        // Given
        server.maxRequestBytes = 2_000;

        // When
        Exception error = routes.deliver(tracks(20));

        // Then
        assertThat(error).isNull();
        assertThat(server.table("tracks").rows).hasSize(20);
    }

    @Test
    void rejectsARowThatIsTooLargeAlone() throws Exception {
        try (BigQueryRoutes small = new BigQueryRoutes(new Request(500, 2048))) {
            // When
            Exception error = small.deliver(track("a", ""), track("big", "\"userId\":\"" + "x".repeat(3000) + "\""));

            // Then
            assertThat(((PartialDeliveryException) error).rejected())
                    .singleElement()
                    .satisfies(rejected -> assertThat(rejected.reason())
                            .contains("evefan.bigquery.request.max-bytes")
                            .contains("2048"));
            assertThat(small.server.table("tracks").rows).containsOnlyKeys("a");
        }
    }

    @Test
    void keepsTheOutcomeOfEachRequestOnItsOwn() throws Exception {
        try (BigQueryRoutes small = new BigQueryRoutes(new Request(10, 1 << 20))) {
            // Given
            small.deliver(track("before", ""));
            small.server.fail(Fault.NONE, Fault.UNAVAILABLE);

            // When
            Exception error = small.deliver(tracks(50));

            // Then
            assertThat(error).isInstanceOf(PartialDeliveryException.class).hasCauseInstanceOf(RetryableException.class);
            assertThat(((PartialDeliveryException) error).again()).hasSize(10);
            assertThat(small.server.table("tracks").rows).hasSize(41);
            assertThat(small.server.mostParallel.get()).isBetween(1, 4);
        }
    }

    @Test
    void countsBytesAsTheClientEncodesThem() {
        // Given
        Event event = track(
                "ä\\u2028\\\"\\\\",
                "\"userId\":\"\\u0001\\t\\ud83d\\ude00é€<>&'=\\u007f\",\"event\":\"e\",\"context\":{\"userAgentData\":{\"mobile\":true}}");
        routes.deliver(track("first", ""));

        // When
        routes.deliver(event, event, event);

        // Then
        long body = server.calls("POST", "/insertAll").get(1).bytes();
        long around = body - 3 * RowEncoder.encode(event).bytes();
        assertThat(around).isBetween(-3L, 128L);
        assertThat(server.table("tracks").rows).hasSize(2);
    }

    private static Event track(String messageId, String members) {
        return event(EventType.TRACK, messageId, members);
    }

    /** An event of another century: BigQuery streams no such rows into partitions. */
    static Event old(String messageId) {
        Event event = track(messageId, "");
        Instant then = Instant.parse("1999-01-01T00:00:00Z");
        return new Event(event.type(), messageId, "dev", then, event.receivedAt(), event.integrations(), event.json());
    }

    /** An event with JSON beyond the 500 levels that BigQuery takes. */
    static Event deep(String messageId) {
        return track(messageId, "\"properties\":{\"p\":" + nested(520) + "}");
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private static List<Event> tracks(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(track("m" + i, ""));
        }
        return events;
    }
}
