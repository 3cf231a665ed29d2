package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BigQueryTablesIT {
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
    void waitsForATableThatInsertsDoNotSeeAndThenGivesUpItsEventsOnly() {
        // Given
        server.unseenInserts = 1000;

        // When
        Exception first = routes.deliver(track("a", ""));
        routes.now.updateAndGet(now -> now.plus(Duration.ofMinutes(16)));
        Exception later = routes.deliver(track("a", ""));

        // Then
        assertThat(first).isInstanceOf(RetryableException.class).hasMessageContaining("inserts do not see it yet");
        assertThat(later).isInstanceOf(PartialDeliveryException.class).hasNoCause();
        assertThat(((PartialDeliveryException) later).rejected())
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.error()).isEqualTo("notVisible"));
    }

    @Test
    void holdsNothingUpAfterThatAndHasTheDeadLettersReplayed() {
        // Given
        server.unseenInserts = 1000;
        routes.deliver(track("a", ""));
        routes.now.updateAndGet(now -> now.plus(Duration.ofMinutes(16)));
        List<String> replayed = new ArrayList<>();
        routes.visibility().replay(replayed::add);
        assertThat(replayed).isEmpty();

        // When
        server.unseenInserts = 0;
        Exception error = routes.deliver(track("a", ""), event(EventType.PAGE, "p-1", ""));
        routes.visibility().replay(wanted -> false);
        routes.visibility().replay(replayed::add);
        routes.visibility().replay(replayed::add);
        routes.visibility().replay(replayed::add);

        // Then
        assertThat(((PartialDeliveryException) error).rejected())
                .extracting(rejected -> rejected.event().messageId())
                .containsExactly("a");
        assertThat(error).hasNoCause();
        assertThat(server.table("pages").rows).containsOnlyKeys("p-1");
        assertThat(replayed).containsExactly("notVisible", "notVisible");
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
    void makesDeadLettersOfTheEventsOfATableThatNoRowFitsOnly(String type, String columns, String message) {
        // Given
        ExistingTables.put(server, "tracks", columns).resource.put("type", type);

        // When
        Exception error = routes.deliver(track("a", ""), event(EventType.PAGE, "b", ""), track("c", ""));

        // Then
        assertThat(error).isInstanceOf(PartialDeliveryException.class).hasNoCause();
        assertThat(((PartialDeliveryException) error).again()).isEmpty();
        assertThat(((PartialDeliveryException) error).rejected())
                .extracting(rejected -> rejected.event().messageId())
                .containsExactly("a", "c");
        assertThat(((PartialDeliveryException) error).rejected())
                .allSatisfy(rejected -> assertThat(rejected.reason()).contains(message));
        assertThat(server.inserts).hasValue(1);
        assertThat(server.table("pages").rows).containsOnlyKeys("b");
    }

    @Test
    void writesTheOthersWhileOneTableIsNotVisibleYet() {
        // Given
        routes.deliver(event(EventType.PAGE, "p-0", ""));
        server.unseenInserts = 1000;

        // When
        Exception error = routes.deliver(track("a", ""), event(EventType.PAGE, "p-1", ""));

        // Then
        assertThat(((PartialDeliveryException) error).again())
                .extracting(Event::messageId)
                .containsExactly("a");
        assertThat(server.table("pages").rows).containsOnlyKeys("p-0", "p-1");
    }

    @Test
    void saysWhatTheClientCannotReadOfAnAnswer() {
        // Given
        ExistingTables.put(server, "tracks", "id:STRING").resource.remove("type");

        // When
        Exception error = routes.deliver(track("a", ""));

        // Then
        assertThat(error)
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("BigQuery's answer cannot be read: ")
                .hasMessageMatching(".*(NullPointerException|IllegalArgumentException).*");
    }

    private static Event track(String messageId, String members) {
        return event(EventType.TRACK, messageId, members);
    }
}
