package com.evefan.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.broker.BrokerStatus;
import com.evefan.counters.Books;
import com.evefan.counters.DestinationCounters;
import com.evefan.delivery.Destination.Status;
import com.evefan.journal.JournalStatus;
import com.evefan.journal.JournalStatus.State;
import com.evefan.journal.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The headline of the report. */
class HealthReportTest {
    private static final BrokerStatus BROKER = new BrokerStatus(true, Instant.EPOCH, null, 0, List.of());
    private static final JournalStatus OPEN = journal(State.OPEN, null);

    private final SortedMap<String, DestinationHealth> destinations = new TreeMap<>();

    private static JournalStatus journal(State state, String reason) {
        return new JournalStatus(state, reason, 0, 0, null, 0, 0, null, 0, 0, 0, List.of());
    }

    private void destination(String name, Status status, boolean healthy) {
        DestinationCounters none = new DestinationCounters(
                DestinationCounters.NO_PLACE, new Books(Map.of(), Place.Tally.NOTHING, null, false, false, List.of()));
        destinations.put(name, new DestinationHealth(status, none, Duration.ZERO, healthy, ""));
    }

    private HealthReport report(String... routes) {
        return new HealthReport(destinations, OPEN, BROKER, List.of(routes));
    }

    @Test
    void isWellWhereNothingIsWrong() {
        destination("a", Status.UP, true);
        destination("b", Status.PAUSED, true);
        destination("c", Status.REMOVED, true);
        destination("d", Status.DISABLED, true);

        assertThat(report().headline()).isEqualTo("Evefan is well");
        assertThat(report().isHealthy()).isTrue();
    }

    @Test
    void countsWhatFailsAmongThoseThatAreToWorkAlsoBeforeHealthIsDown() {
        destination("crm", Status.SET_UP_ERROR, true);
        destination("hook", Status.RETRYING, true);
        destination("mixpanel", Status.UP, true);
        destination("postgres", Status.REJECTING, true);
        destination("old", Status.REMOVED, true);

        assertThat(report().headline())
                .isEqualTo("2 of 4 destinations fail: crm (set-up error), hook (retrying);"
                        + " 1 of 4 destinations refuses most of what it is sent: postgres (rejecting)");
        assertThat(report().isHealthy()).isTrue();
    }

    @Test
    void namesWhatIsLateTheBrokerAndTheRouteFiles() {
        destination("slow", Status.UP, false);
        BrokerStatus down = new BrokerStatus(false, Instant.EPOCH, "refused", 0, List.of());

        assertThat(new HealthReport(destinations, OPEN, down, List.of("x.camel.yaml: bad")).headline())
                .isEqualTo("Events wait too long for slow (up); the broker is down; 1 problem with route files");
    }

    @Test
    void saysFirstThatNoEventsAreTaken() {
        destination("slow", Status.RETRYING, false);

        HealthReport full = new HealthReport(destinations, journal(State.FULL, "the disk is full"), BROKER, List.of());

        assertThat(full.headline())
                .isEqualTo("No events are taken: the disk is full; 1 of 1 destinations fails: slow (retrying)");
        assertThat(full.isHealthy()).isFalse();
    }

    @Test
    void aProblemOfARouteFileIsNoReasonToFail() {
        assertThat(report("a", "b").headline()).isEqualTo("2 problems with route files");
        assertThat(report("a", "b").isHealthy()).isTrue();
    }
}
