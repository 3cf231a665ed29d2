package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.BOTH;
import static com.evefan.artemis.TestEvents.batch;
import static com.evefan.artemis.TestEvents.ids;
import static com.evefan.artemis.TestEvents.small;
import static com.evefan.artemis.TestEvents.takeIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.event.EventBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalComponentTest {
    @TempDir
    Path temp;

    private final Queue<List<String>> fannedOut = new ConcurrentLinkedQueue<>();
    private final Queue<Object> owing = new ConcurrentLinkedQueue<>();

    @Test
    void fansOutWhatWasSent() throws Exception {
        try (DefaultCamelContext context = context(this::deliver)) {
            // When
            EventBatch sent = batch("a", "b");
            Object answer = send(context, sent).getMessage().getBody();

            // Then
            assertThat(answer).isSameAs(sent);
            await().untilAsserted(() -> assertThat(fannedOut).containsExactly(List.of("a", "b")));
            assertThat(owing).containsExactly(BOTH);
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void triesAFailedFanOutAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Processor failsTwice = exchange -> {
            if (attempts.incrementAndGet() <= 2) {
                throw new IllegalStateException("not yet");
            }
            deliver(exchange);
        };
        try (DefaultCamelContext context = context(failsTwice)) {
            // When
            send(context, batch("a"));

            // Then
            await().untilAsserted(() -> assertThat(fannedOut).containsExactly(List.of("a")));
        }
        assertThat(attempts).hasValue(3);
        assertThat(left()).isEmpty();
    }

    @Test
    void keepsWhatCouldNotBeFannedOutBeforeTheStop() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        Processor fails = exchange -> {
            tried.countDown();
            throw new IllegalStateException("never");
        };
        try (DefaultCamelContext context = context(fails)) {
            // When
            send(context, batch("a"));
            tried.await();
        }

        // Then
        assertThat(left()).containsExactly("a");
    }

    @Test
    void writesTheAcknowledgementsOfAnExchangeThatStopWaitsFor() throws Exception {
        // Given
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        Processor slow = exchange -> {
            begun.countDown();
            stopping.await();
            deliver(exchange);
        };
        try (DefaultCamelContext context = context(slow)) {
            send(context, batch("a"));
            begun.await();

            // When
            Thread stop = new Thread(context::stop);
            stop.start();
            await().until(() -> context.isStopping());
            stopping.countDown();
            stop.join();
        }

        // Then
        assertThat(left()).isEmpty();
    }

    @Test
    void pausesWhileItsRouteIsSuspended() throws Exception {
        try (DefaultCamelContext context = context(this::deliver)) {
            // Given
            context.getRouteController().suspendRoute("fan-out");
            send(context, batch("a"));
            assertThat(fannedOut).isEmpty();

            // When
            context.getRouteController().resumeRoute("fan-out");

            // Then
            await().untilAsserted(() -> assertThat(fannedOut).containsExactly(List.of("a")));
        }
    }

    @Test
    void answersWithAFailureWhenTheBodyIsNoBatch() throws Exception {
        try (DefaultCamelContext context = context(this::deliver)) {
            assertThat(send(context, "text").getException()).hasMessageContaining("EventBatch");
            assertThatThrownBy(() -> context.getEndpoint("journal:other")).hasMessageContaining("journal:accepted");
        }
    }

    private static Exchange send(DefaultCamelContext context, Object body) {
        try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
            return template.to("direct:in").withBody(body).send();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void deliver(Exchange exchange) {
        EventBatch batch = exchange.getMessage().getBody(EventBatch.class);
        Set<?> destinations = exchange.getProperty(JournalConstants.DESTINATIONS, Set.class);
        owing.add(destinations);
        destinations.forEach(destination -> batch.acknowledge((String) destination));
        fannedOut.add(ids(batch));
    }

    private List<String> left() throws Exception {
        try (Journal journal = Journal.open(small(temp))) {
            return takeIds(journal);
        }
    }

    private DefaultCamelContext context(Processor fanOut) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        OwingDestinations destinations = () -> BOTH;
        context.getRegistry().bind("destinations", destinations);
        context.addComponent("journal", new JournalComponent(small(temp)));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("ingest").to("journal:accepted");
                from("journal:accepted").routeId("fan-out").process(fanOut);
            }
        });
        context.start();
        return context;
    }
}
