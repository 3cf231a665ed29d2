package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.padded;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static final int MOST_EVENTS = 5;

    private final JournalSettings settings =
            new JournalSettings(Path.of("unused"), 10_000, 32 << 20, MOST_EVENTS, 256 << 10, 0);
    private final Destinations both = Destinations.of(BOTH);

    @Test
    void givesSmallAppendsOneRecord() {
        List<PendingRecord> records = pack(append(batch("a", "b")), append(batch("c")), append(batch("d", "e")));

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(ids(record)).containsExactly("a", "b", "c", "d", "e");
            assertThat(record.events()).isEqualTo(5);
            assertThat(record.bytes()).isEqualTo(batch("a", "b", "c", "d", "e").bytes());
            assertThat(record.destinations()).isEqualTo(both);
        });
    }

    @Test
    void beginsANewRecordWhereTheFirstHasAsManyEventsAsAreHandedOver() {
        assertThat(packed(append(batch("a", "b", "c", "d")), append(batch("e", "f")), append(batch("g"))))
                .containsExactly(List.of("a", "b", "c", "d"), List.of("e", "f", "g"));
    }

    @Test
    void leavesAnAppendWholeThatHasMoreEventsThanAreHandedOver() {
        assertThat(packed(append(batch("a")), append(batch("b", "c", "d", "e", "f", "g")), append(batch("h"))))
                .containsExactly(List.of("a"), List.of("b", "c", "d", "e", "f", "g"), List.of("h"));
    }

    @Test
    void addsNothingToWhatIsWorthARecord() {
        assertThat(packed(append(padded("a", 40_000)), append(padded("b", 40_000)), append(padded("c", 10_000))))
                .containsExactly(List.of("a"), List.of("b", "c"));
    }

    @Test
    void makesSeveralRecordsOfWhatOneCannotHold() {
        EventBatch large = padded("a", 60_000).plus(padded("b", 60_000)).plus(padded("c", 60_000));

        assertThat(packed(append(large), append(batch("d")))).containsExactly(List.of("a", "b"), List.of("c", "d"));
    }

    @Test
    void keepsApartWhatOthersOwe() {
        Append other = new Append(batch("b"), Destinations.of(Set.of("postgres")), Runnable::run);

        assertThat(packed(append(batch("a")), other, append(batch("c"))))
                .containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void makesNothingOfNothing() {
        assertThat(pack()).isEmpty();
        assertThat(pack(append(batch()))).isEmpty();
    }

    private Append append(EventBatch batch) {
        return new Append(batch, both, Runnable::run);
    }

    private List<List<String>> packed(Append... appends) {
        return pack(appends).stream().map(PackingTest::ids).toList();
    }

    private List<PendingRecord> pack(Append... appends) {
        return Packing.pack(Arrays.asList(appends), settings, new InFlight(settings));
    }

    private static List<String> ids(PendingRecord record) {
        return TestEvents.ids(EventBatch.of(record.peekEvents()));
    }
}
