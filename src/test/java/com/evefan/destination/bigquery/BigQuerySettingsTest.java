package com.evefan.destination.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.destination.bigquery.BigQuerySettings.Timeouts;
import com.evefan.warehouse.EventViews;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BigQuerySettingsTest {
    @Test
    void isOffWithoutAProject() {
        assertThat(BigQuerySettings.of("").enabled()).isFalse();
        assertThat(BigQuerySettings.of("p").enabled()).isTrue();
    }

    @Test
    void tellsNoSecrets() {
        // Given
        BigQuerySettings settings = settings("evefan", "/etc/secret-key.json", "https://bigquery.example", 4);

        // When
        String text = settings.toString();

        // Then
        assertThat(text).isEqualTo("BigQuery p.evefan").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "eve-fan, none, '', 4, evefan.bigquery.dataset must be",
        "evefan, '', '', 4, evefan.bigquery.credentials must be",
        "evefan, none, localhost:9050, 4, evefan.bigquery.endpoint must be",
        "evefan, none, http://user:secret@host, 4, evefan.bigquery.endpoint must be",
        "evefan, none, '', 0, evefan.bigquery.parallel-requests must be at least 1"
    })
    void namesTheKeyThatIsWrong(String dataset, String credentials, String endpoint, int parallel, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(dataset, credentials, endpoint, parallel))
                .withMessageStartingWith(message)
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({"0, 5000, at least 1", "50001, 5000, at most 50000", "1, 100, at least 1024"})
    void boundsRequests(int rows, long bytes, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Request(rows, bytes))
                .withMessageContaining(message);
    }

    @Test
    void readsPartitioningByName() {
        assertThat(Partitioning.of("hour")).isEqualTo(Partitioning.HOUR);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Partitioning.of("Day"))
                .withMessageContaining("evefan.bigquery.partitioning must be day, hour or none");
    }

    @Test
    void boundsTimeouts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timeouts(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO))
                .withMessageStartingWith("evefan.bigquery.connect-timeout-ms");
    }

    @Test
    void saysThatTheKeyFileCannotBeRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BigQueryConnection.factory(settings("evefan", "no-such-file.json", "", 4)))
                .withMessageContaining("evefan.bigquery.credentials names a file that is no readable");
    }

    private static BigQuerySettings settings(String dataset, String credentials, String endpoint, int parallel) {
        return new BigQuerySettings(
                "p",
                dataset,
                "",
                credentials,
                endpoint,
                Request.DEFAULT,
                parallel,
                Partitioning.DAY,
                Timeouts.DEFAULT,
                EventViews.Limits.NONE);
    }
}
