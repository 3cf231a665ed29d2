package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowErrorsIT {
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
}
