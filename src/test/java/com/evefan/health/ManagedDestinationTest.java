package com.evefan.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.counters.Books;
import com.evefan.counters.DestinationCounters;
import com.evefan.delivery.Destination.Status;
import com.evefan.journal.Place;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanAttributeInfo;
import org.junit.jupiter.api.Test;

class ManagedDestinationTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // such clocks run over
    private final ManagedDestination managed = new ManagedDestination("shop", this::look, nanos::get);

    @Test
    void itsNameComesFirst() throws Exception {
        assertThat(names().get(0)).isEqualTo("Name");
        assertThat(managed.getAttribute("Name")).isEqualTo("shop");
    }

    @Test
    void oneLookServesAllAttributes() throws Exception {
        for (String name : names()) {
            assertThat(managed.getAttribute(name)).isNotNull();
        }
        assertThat(managed.getAttributes(names().toArray(String[]::new))).hasSameSizeAs(names());
        assertThat(looks).hasValue(1);
    }

    @Test
    void aSecondLaterItLooksAnew() throws Exception {
        assertThat(managed.getAttribute("Message")).isEqualTo("look 1");
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(managed.getAttribute("Message")).isEqualTo("look 1");
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(managed.getAttribute("Message")).isEqualTo("look 2");
    }

    private List<String> names() {
        return Arrays.stream(managed.getMBeanInfo().getAttributes())
                .map(MBeanAttributeInfo::getName)
                .toList();
    }

    private DestinationHealth look() {
        DestinationCounters counters = new DestinationCounters(
                DestinationCounters.NO_PLACE, new Books(Map.of(), Place.Tally.NOTHING, null, false, false, List.of()));
        return new DestinationHealth(Status.UP, counters, Duration.ZERO, true, "look " + looks.incrementAndGet());
    }
}
