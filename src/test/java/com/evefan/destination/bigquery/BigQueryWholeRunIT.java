package com.evefan.destination.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.WholeRun;
import com.evefan.destination.postgres.PostgresExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole of Evefan against a BigQuery that fails every third request, killed in the middle. */
class BigQueryWholeRunIT {
    private static final int ONE_BAD_IN = 500;
    private static final Fault[] FAULTS = {
        Fault.TOO_MANY, Fault.UNAVAILABLE, Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.RATE_LIMITED, Fault.BACKEND_ROWS
    };

    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    @TempDir
    Path directory;

    @Test
    void bringsEveryGoodRowOnceAndKeepsEveryBadOneWithItsReason() throws Exception {
        Random random = new Random(6);
        try (BigQueryServer server = new BigQueryServer()) {
            // Given
            server.unseenInserts = 3;
            server.faults = number -> random.nextInt(3) == 0 ? FAULTS[random.nextInt(FAULTS.length)] : Fault.NONE;
            Map<String, String> properties = Map.of(
                    "evefan.bigquery.project", "p",
                    "evefan.bigquery.credentials", "none",
                    "evefan.bigquery.endpoint", server.endpoint());
            try (WholeRun run = WholeRun.start(directory, POSTGRES, properties)) {
                // When
                run.send(BigQueryWholeRunIT::event);

                // Then
                int bad = WholeRun.EVENTS / ONE_BAD_IN;
                await().atMost(Duration.ofSeconds(60 + WholeRun.EVENTS / 500))
                        .untilAsserted(() -> assertThat(server.rows()).isEqualTo(WholeRun.EVENTS - bad));
                assertThat(server.tables.values())
                        .allSatisfy(table -> assertThat(table.changed).isEmpty());
                assertThat(run.deadLetters("bigquery"))
                        .hasSize(bad)
                        .allSatisfy((id, reason) ->
                                assertThat(id + " " + reason).startsWith("bad-").contains(" timestamp: "));
            }
        }
    }

    private static String event(int i) {
        boolean bad = i % ONE_BAD_IN == 250;
        return "{\"type\":\"track\",\"messageId\":\"" + (bad ? "bad-" : "m-") + i + "\",\"userId\":\"u-" + i
                + "\",\"event\":\"Order Completed\",\"properties\":{\"revenue\":" + i + "}"
                + (bad ? ",\"timestamp\":\"1999-01-01T00:00:00Z\"}" : "}");
    }
}
