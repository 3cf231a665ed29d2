package com.evefan.destination.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.event.Event;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of the original, request by request, apart from the differences listed in {@link OracleDifference}. */
class OracleIT {
    private static BigQueryRoutes routes;
    private final Oracle oracle = new Oracle();

    @BeforeAll
    static void start() throws Exception {
        routes = new BigQueryRoutes(Request.DEFAULT, Partitioning.NONE);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    static List<Oracle.Record> records() {
        return Oracle.records().stream()
                .filter(record -> !OracleDifference.REFUSED.contains(record.id()))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void storesTheRowsOfTheOriginal(Oracle.Record record) throws Exception {
        // Given
        List<Event> events = oracle.events(record);
        routes.server.tables.values().forEach(table -> table.rows.clear());

        // When
        Exception error = routes.deliver(events);

        // Then
        assertThat(error).isNull();
        List<String> unlisted = new ArrayList<>();
        for (Oracle.Row row : record.rows()) {
            JsonNode actual = actual(row, events, record.rows().indexOf(row));
            columns(row.json(), actual).stream()
                    .filter(column -> !OracleDifference.isListed(record.id(), row, column, actual))
                    .forEach(column -> unlisted.add(
                            record.id() + " " + column + ": " + row.json().get(column) + " <> " + actual.get(column)));
        }
        assertThat(unlisted).isEmpty();
    }

    private static JsonNode actual(Oracle.Row row, List<Event> events, int index) {
        String id = row.insertId().equals("$UUID") ? events.get(index).messageId() : row.insertId();
        JsonNode actual = routes.server.table(row.table()).rows.get(RowEncoder.insertId(id));
        assertThat(actual).as("row %s of %s", id, row.table()).isNotNull();
        return actual;
    }

    private static Set<String> columns(JsonNode expected, JsonNode actual) {
        Set<String> columns = new TreeSet<>();
        expected.fieldNames().forEachRemaining(columns::add);
        actual.fieldNames().forEachRemaining(columns::add);
        return columns;
    }
}
