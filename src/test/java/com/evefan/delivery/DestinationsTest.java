package com.evefan.delivery;

import static com.evefan.journal.TestEvents.append;
import static com.evefan.journal.TestEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.counters.Counters;
import com.evefan.journal.Start;
import com.evefan.journal.local.JournalSettings;
import com.evefan.journal.local.LocalJournal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which destinations there are, by the routes that come and go. */
class DestinationsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final RetrySettings RETRY = new RetrySettings(2, HOUR, HOUR, HOUR, HOUR, HOUR);

    @TempDir
    Path directory;

    @Test
    void knowsWhatADestinationIsOwedBeforeAllRoutesRun() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext();
                LocalJournal journal = LocalJournal.open(JournalSettings.in(directory.resolve("journal")));
                Counters counters = Counters.open(directory.resolve("counters.json"), HOUR, Clock.systemUTC());
                Destinations destinations = new Destinations(() -> journal, counters, RETRY, Clock.systemUTC())) {
            // Given
            journal.place("crm", Start.END);
            append(journal, batch("a", "b", "c"));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:crm").id("crm").group(Destinations.GROUP).to("log:crm");
                }
            });
            List<Long> accepted = new ArrayList<>();
            context.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) throws Exception {
                    if (event instanceof RouteStartedEvent) {
                        destinations.notify(event);
                        accepted.add(
                                destinations.known("crm").counters().place().accepted());
                    }
                }
            });

            // When
            context.start();

            // Then
            assertThat(accepted).containsExactly(3L);
        }
    }
}
