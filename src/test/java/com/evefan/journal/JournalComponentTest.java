package com.evefan.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.evefan.event.EventBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop that takes from a journal, and what sends into one. */
class JournalComponentTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final BlockingQueue<Object> next = new LinkedBlockingQueue<>();
    private final List<Set<String>> got = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final CamelContext camel = new DefaultCamelContext();
    private volatile boolean anybody = true;

    @BeforeEach
    void start() throws Exception {
        camel.addComponent("journal", new JournalComponent(Scripted::new));
        camel.getRegistry().bind("listener", HandoverListener.class, new HandoverListener() {
            @Override
            public boolean isAnybodyOwed() {
                return anybody;
            }

            @Override
            public void beforeHandover() {}

            @Override
            public void failed(Handover handover, Throwable why) {
                failures.add(why);
            }
        });
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("journal:accepted").process(exchange -> {
                    Set<?> names = exchange.getProperty(JournalConstants.DESTINATIONS, Set.class);
                    if (names.contains("bad")) {
                        throw new StackOverflowError("in the fan-out");
                    }
                    got.add(Set.copyOf(exchange.getProperty(JournalConstants.DESTINATIONS, Set.class)));
                });
                from("direct:append").errorHandler(noErrorHandler()).to("journal:accepted");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private static Handover handover(String name) {
        return new Handover(EventBatch.of(List.of()), Set.of(name));
    }

    @Test
    void goesOnAfterAnErrorInTheRouteAndTellsWhoDidNotGetTheirs() {
        next.add(handover("bad"));
        next.add(handover("good"));

        await().atMost(LIMIT).until(() -> got.contains(Set.of("good")));
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).hasMessage("in the fan-out");
    }

    @Test
    void goesOnAfterAnErrorInTheJournal() {
        next.add(new OutOfMemoryError("once"));
        next.add(handover("good"));

        await().atMost(LIMIT).until(() -> got.contains(Set.of("good")));
    }

    @Test
    void appendsNothingThatNobodyIsOwed() {
        anybody = false;

        assertThatThrownBy(() -> camel.createProducerTemplate().sendBody("direct:append", EventBatch.of(List.of())))
                .isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(JournalUnavailableException.class)
                .hasRootCauseMessage("no destination is configured");
    }

    /** Hands out what a test has put into {@code next}. */
    private final class Scripted implements Journal {
        @Override
        public History history() {
            throw new UnsupportedOperationException("nothing is kept");
        }

        @Override
        public CompletableFuture<Void> append(EventBatch batch, Executor settledOn) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Place place(String destination, Start start) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Collection<Place> places() {
            return List.of();
        }

        @Override
        public Handover take(long timeoutMillis) throws InterruptedException {
            Object what = next.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            if (what instanceof Error error) {
                throw error;
            }
            return (Handover) what;
        }

        @Override
        public JournalStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
