package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RetryableException;
import com.evefan.event.Event;
import com.evefan.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many events, one in 500 of them unfit for the schema, against a server that fails every third request. */
class FaultRunIT {
    private static final int EVENTS = 40_000;
    private static final int BATCH = 2_000;
    private static final Fault[] FAULTS = {
        Fault.TOO_MANY, Fault.UNAVAILABLE, Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.RATE_LIMITED, Fault.BACKEND_ROWS
    };

    private final List<Rejected> rejected = new ArrayList<>();
    private int retries;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bringsEveryGoodRowOnceAndNamesEveryBadOne(boolean skipsInvalidRows) throws Exception {
        try (BigQueryRoutes routes = new BigQueryRoutes()) {
            // Given
            Random random = new Random(4);
            Fault[] byNumber = new Fault[100_000];
            for (int i = 0; i < byNumber.length; i++) {
                byNumber[i] = random.nextInt(3) == 0 ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
            }
            routes.server.skipsInvalidRows = skipsInvalidRows;
            routes.server.unseenInserts = 5;
            routes.server.faults = number -> byNumber[number];

            // When
            long start = System.nanoTime();
            for (int from = 0; from < EVENTS; from += BATCH) {
                deliver(routes, events(from));
            }
            long millis = (System.nanoTime() - start) / 1_000_000;

            // Then
            assertThat(rejected).hasSize(EVENTS / 500).allSatisfy(event -> {
                assertThat(event.event().messageId()).startsWith("bad-");
                assertThat(event.error()).isEqualTo("invalid");
                assertThat(event.reason()).matches("(timestamp: Value|extra_fields: JSON) .*");
            });
            assertThat(rejected).extracting(event -> event.event().messageId()).doesNotHaveDuplicates();
            assertThat(routes.server.rows()).isEqualTo(EVENTS - EVENTS / 500);
            assertThat(routes.server.tables.values())
                    .allSatisfy(table -> assertThat(table.changed).isEmpty());
            System.out.printf(
                    "skipInvalidRows honoured: %s; %d events in %d ms, %d requests, %d retries of batches%n",
                    skipsInvalidRows, EVENTS, millis, routes.server.inserts.get(), retries);
        }
    }

    /** What the shell does, without its waiting. */
    private void deliver(BigQueryRoutes routes, List<Event> events) {
        List<Event> left = events;
        while (!left.isEmpty()) {
            Exception error = routes.deliver(left);
            if (error == null) {
                return;
            }
            assertThat(error).isInstanceOfAny(RetryableException.class, PartialDeliveryException.class);
            retries++;
            if (error instanceof PartialDeliveryException partial) {
                rejected.addAll(partial.rejected());
                left = partial.again();
            }
        }
    }

    private static List<Event> events(int from) {
        EventType[] types = EventType.values();
        List<Event> events = new ArrayList<>(BATCH);
        for (int i = from; i < from + BATCH; i++) {
            if (i % 500 == 250) {
                events.add(i % 1000 == 250 ? RowErrorsIT.old("bad-" + i) : RowErrorsIT.deep("bad-" + i));
            } else {
                events.add(
                        event(
                                types[i % 6],
                                "m-" + i,
                                "\"userId\":\"u-" + i + "\",\"event\":\"Order Completed\",\"properties\":{\"revenue\":"
                                        + i
                                        + ",\"products\":[{\"sku\":\"G-32\",\"name\":\"Näme\"}]},\"context\":{\"ip\":\"8.8.8.8\",\"locale\":\"en-US\"}"));
            }
        }
        return events;
    }
}
