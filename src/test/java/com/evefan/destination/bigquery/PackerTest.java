package com.evefan.destination.bigquery;

import static com.evefan.warehouse.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.Event;
import com.evefan.event.EventType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackerTest {
    private static final String LONG = "\"userId\":\"" + "u".repeat(500) + "\"";

    @Test
    void packsEachTableOnItsOwnAndByCount() {
        // Given
        Packer packer = new Packer(new BigQuerySettings.Request(2, 1 << 20), null);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(event(EventType.TRACK, "t" + i, ""));
            events.add(event(EventType.PAGE, "p" + i, ""));
        }

        // When
        List<InsertRequest> requests = packer.pack(events, new Outcome());

        // Then
        assertThat(requests)
                .extracting(InsertRequest::toString)
                .containsExactly(
                        "2 rows of tracks",
                        "2 rows of pages",
                        "2 rows of tracks",
                        "2 rows of pages",
                        "1 rows of tracks",
                        "1 rows of pages");
    }

    @Test
    void packsByBytesAsEncoded() {
        // Given
        long rowBytes = RowEncoder.encode(event(EventType.TRACK, "t0", LONG), RowEncoder.rows(null))
                .bytes();
        Packer packer = new Packer(new BigQuerySettings.Request(500, 3 * rowBytes + 128), null);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            events.add(event(EventType.TRACK, "t" + i, LONG));
        }

        // When
        List<InsertRequest> requests = packer.pack(events, new Outcome());

        // Then
        assertThat(requests).extracting(request -> request.rows().size()).containsExactly(3, 3, 1);
    }

    @Test
    void shortensOnlyInsertIdsThatBigQueryWouldNotTake() {
        assertThat(RowEncoder.insertId("m".repeat(128))).isEqualTo("m".repeat(128));
        assertThat(RowEncoder.insertId("m".repeat(129))).hasSize(64).isEqualTo(RowEncoder.insertId("m".repeat(129)));
    }
}
