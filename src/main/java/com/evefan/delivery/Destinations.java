package com.evefan.delivery;

import com.evefan.counters.Counters;
import com.evefan.event.EventBatch;
import com.evefan.journal.Handover;
import com.evefan.journal.HandoverListener;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Route;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.CamelContextStartedEvent;
import org.apache.camel.spi.CamelEvent.CamelContextStoppingEvent;
import org.apache.camel.spi.CamelEvent.RouteAddedEvent;
import org.apache.camel.spi.CamelEvent.RouteStartedEvent;
import org.apache.camel.spi.CamelEvent.RouteStoppedEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The destinations: the routes in group {@value #GROUP}, whose id is the destination's name, and the places of those that
 * are gone. Follows routes that come and go while Evefan runs, and makes for each one the route that collects its events,
 * from the template {@code batch}. Bound as {@code destinations}.
 */
public final class Destinations extends EventNotifierSupport implements HandoverListener, AutoCloseable {
    /** The group of every destination's route. */
    public static final String GROUP = "destination";

    /** The exchange property that holds the name of the destination which an exchange is for. */
    public static final String PROPERTY = "destination";

    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);

    /** Before a destination's name, the id of the route that collects its events. */
    private static final String COLLECTING = "batch-";

    private static final long AGAIN_SECONDS = 1;

    /** Before a destination's name, the name of its thread in Camel's registry. */
    private static final String THREAD = "delivery-";

    private final Map<String, Destination> all = new ConcurrentSkipListMap<>();
    private final Map<String, ExecutorService> threads = new ConcurrentHashMap<>();
    private final Supplier<Journal> journal;
    private final Counters counters;
    private final RetrySettings retry;
    private final Clock clock;

    private volatile boolean anybody;
    private volatile @Nullable Function<String, CompletableFuture<Void>> first;
    private volatile @Nullable BiConsumer<String, Place.Tally> found;

    public Destinations(Supplier<Journal> journal, Counters counters, RetrySettings retry, Clock clock) {
        this.journal = journal;
        this.counters = counters;
        this.retry = retry;
        this.clock = clock;
        setIgnoreExchangeEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    /**
     * What comes before a destination's events: {@code drain} delivers what an earlier version has left in its retry
     * queue, and says when that is done.
     */
    public void first(Function<String, CompletableFuture<Void>> drain) {
        first = drain;
    }

    /** Told at the start, before anything is delivered, how the events of each destination have ended so far. */
    public void found(BiConsumer<String, Place.Tally> books) {
        found = books;
    }

    /** The names of all destinations that events are owed to, stopped ones included. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        all.forEach((name, one) -> {
            if (one.isOwed()) {
                names.add(name);
            }
        });
        return names;
    }

    /** All that are known, removed and switched off ones included, by name. */
    public SortedMap<String, Destination> all() {
        return new TreeMap<>(all);
    }

    /** The destination {@code name}; null where there is none. */
    public @Nullable Destination get(String name) {
        return all.get(name);
    }

    /** The destination that an exchange is for. */
    Destination of(String name) {
        return Objects.requireNonNull(all.get(name), () -> "there is no destination " + name);
    }

    /** The destination {@code name}, made when it is new. */
    public Destination known(String name) {
        return all.computeIfAbsent(name, key -> new Destination(key, counters.of(key), retry, clock, System::nanoTime));
    }

    /** The events of {@code batch} that may reach {@code name}. */
    public EventBatch share(String name, EventBatch batch) {
        return batch.forDestination(name, known(name).consent());
    }

    /** Where a batch for {@code name} is collected. */
    static String endpoint(String name) {
        return "direct://" + COLLECTING + name;
    }

    /**
     * Runs {@code work} on the delivery thread of {@code destination}, between two of its batches and never beside one:
     * after what is collected already, and not while a batch of it fails.
     *
     * @return what {@code work} returned or threw; fails with an {@link IllegalStateException} when the destination does
     *     not run, or stops before it is the work's turn
     */
    public <T> CompletableFuture<T> between(String destination, Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Destination one = all.get(destination);
        ExecutorService thread = threads.get(destination);
        if (one == null || thread == null || !one.isOwed()) {
            done.completeExceptionally(new IllegalStateException("destination " + destination + " does not run"));
            return done;
        }
        thread.execute(() -> {
            try {
                if (one.awaitTurn()) {
                    done.complete(work.call());
                } else {
                    done.completeExceptionally(new IllegalStateException("destination " + one + " does not run"));
                }
            } catch (Throwable e) {
                done.completeExceptionally(e);
            } finally {
                one.rest();
            }
        });
        return done;
    }

    /**
     * For work on the delivery thread: waits until the next attempt of {@code destination} is due, at once while it does
     * not fail. False when it stops meanwhile: then nothing more is to be tried.
     */
    public boolean awaitTurn(String destination) throws InterruptedException {
        return of(destination).awaitTurn();
    }

    // ---- The thread that takes from the journal -------------------------------------------------------------------

    @Override
    public boolean isAnybodyOwed() {
        return anybody;
    }

    @Override
    public void beforeHandover() {
        all.values().forEach(Destination::openIfDue);
    }

    @Override
    public void failed(Handover handover, Throwable why) {
        for (String name : handover.destinations()) {
            Destination one = all.get(name);
            if (one != null) {
                one.setBack(why);
            }
        }
    }

    /** A destination's collecting route did not take a batch. */
    public void notTaken(
            @ExchangeProperty(PROPERTY) String name, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable why) {
        of(name).setBack(why);
    }

    // ---- Routes that come and go ----------------------------------------------------------------------------------

    @Override
    public void notify(CamelEvent event) throws Exception {
        follow(event);
        anybody = all.values().stream().anyMatch(Destination::isOwed);
    }

    private void follow(CamelEvent event) throws Exception {
        if (event instanceof RouteAddedEvent added) {
            if (isDestination(added.getRoute()) && isSwitchedOff(added.getRoute())) {
                known(added.getRoute().getRouteId()).switchedOff(null);
            }
        } else if (event instanceof RouteStartedEvent started) {
            started(started.getRoute());
        } else if (event instanceof RouteStoppedEvent stopped) {
            Destination one = all.get(stopped.getRoute().getRouteId());
            if (one != null && isDestination(stopped.getRoute())) {
                one.stopped();
            }
        } else if (event instanceof CamelContextStartedEvent started) {
            started(started.getContext());
        } else if (event instanceof CamelContextStoppingEvent) {
            all.values().forEach(Destination::stopping);
        }
    }

    /** A new destination is owed what is accepted from now on: the routes that accept start later. */
    private void started(Route route) throws Exception {
        if (!isDestination(route) || isSwitchedOff(route)) {
            return;
        }
        String name = route.getRouteId();
        Destination one = known(name);
        BatchSettings settings = settings(name, route.getCamelContext());
        Place place;
        try {
            place = journal.get().place(name, settings.start());
        } catch (JournalUnavailableException e) {
            LOG.error("Destination {} gets no place in the journal yet, and no events: {}", name, e.getMessage());
            CompletableFuture.delayedExecutor(AGAIN_SECONDS, TimeUnit.SECONDS).execute(() -> startedAgain(route));
            return;
        }
        one.needs(settings.consent());
        one.at(place); // what is asked for its counters before all runs gets them
        if (route.getCamelContext().isStarted()) {
            collect(name, settings, route.getCamelContext());
            one.started(place, settings);
            drain(one);
        } else if (found != null) {
            found.accept(name, place.status().ended());
        }
    }

    /** Where it still runs. */
    private void startedAgain(Route route) {
        CamelContext context = route.getCamelContext();
        try {
            String id = route.getRouteId();
            if (context.isStarted()
                    && Objects.equals(context.getRoute(id), route)
                    && context.getRouteController().getRouteStatus(id).isStarted()) {
                started(route);
            }
        } catch (Exception e) {
            LOG.error("Destination {} cannot be handed events", route.getRouteId(), e);
        }
    }

    private void drain(Destination one) {
        Function<String, CompletableFuture<Void>> drain = first;
        if (drain == null || !one.ledger().hasOldQueue()) {
            return;
        }
        var unused = drain.apply(one.name()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                one.ledger().oldQueueIsEmpty();
                counters.save();
            } else if (one.isOwed() && !one.isStopping()) {
                // It was stopped or paused meanwhile.
                CompletableFuture.delayedExecutor(AGAIN_SECONDS, TimeUnit.SECONDS)
                        .execute(() -> drain(one));
            }
        });
    }

    /** Camel starts no route that is added while it is starting itself. */
    private void started(CamelContext context) throws Exception {
        for (Route route : context.getRoutes()) {
            if (context.getRouteController().getRouteStatus(route.getRouteId()).isStarted()) {
                started(route);
            }
        }
        for (Place place : journal.get().places()) {
            Route route = context.getRoute(place.destination());
            if (route == null) {
                known(place.destination()).removed(place);
            } else if (isSwitchedOff(route)) {
                known(place.destination()).switchedOff(place);
            }
        }
    }

    private void collect(String name, BatchSettings settings, CamelContext context) throws Exception {
        String id = COLLECTING + name;
        if (context.getRoute(id) != null) {
            return;
        }
        context.getRegistry().bind(THREAD + name, threads.computeIfAbsent(name, this::thread));
        TemplatedRouteBuilder.builder(context, "batch")
                .routeId(id)
                .prefixId(id + "-")
                .parameters(Map.of(
                        "destination", name,
                        "maxEvents", settings.maxEvents(),
                        "maxBytes", settings.maxBytes(),
                        "maxAge", settings.maxAgeMillis()))
                .add();
    }

    /** One thread: order is kept, and nobody waits for another. What ends it early has lost a batch on its way. */
    private ExecutorService thread(String name) {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "evefan-deliver-" + name)) {
            @Override
            protected void afterExecute(Runnable task, @Nullable Throwable failure) {
                if (failure != null) {
                    known(name).setBack(failure);
                }
            }
        };
    }

    /** The batch settings of {@code name}, from the properties and the environment. */
    private static BatchSettings settings(String name, CamelContext context) {
        return BatchSettings.of(name, key -> context.resolvePropertyPlaceholders("{{" + key + ":}}"));
    }

    private static boolean isDestination(Route route) {
        return Objects.equals(route.getGroup(), GROUP);
    }

    private static boolean isSwitchedOff(Route route) {
        return Objects.equals(route.isAutoStartup(), false);
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RouteAddedEvent
                || event instanceof RouteStartedEvent
                || event instanceof RouteStoppedEvent
                || event instanceof CamelContextStartedEvent
                || event instanceof CamelContextStoppingEvent;
    }

    // ---- What an operator does ------------------------------------------------------------------------------------

    /** The file of {@code name} is gone, and its route stopped. */
    public void removed(String name, CamelContext context) throws Exception {
        Destination one = all.get(name);
        if (one == null) {
            return;
        }
        one.removed(null);
        anybody = all.values().stream().anyMatch(Destination::isOwed);
        String collecting = COLLECTING + name;
        if (context.getRoute(collecting) != null) {
            context.getRouteController().stopRoute(collecting);
            context.removeRoute(collecting);
        }
        LOG.info("Destination {} is removed; {}", name, one.message());
    }

    /** Nothing is owed to {@code name} any more; false where that is neither removed nor switched off. */
    public boolean forget(String name) {
        Destination one = all.get(name);
        if (one == null || !one.forget()) {
            return false;
        }
        if (one.status() != Destination.Status.REMOVED) {
            return true; // it is switched off, and there
        }
        all.remove(name);
        counters.forget(name);
        ExecutorService thread = threads.remove(name);
        if (thread != null) {
            thread.shutdown();
        }
        LOG.info("Destination {} is forgotten", name);
        return true;
    }

    /** After Camel has stopped. */
    @Override
    public void close() {
        threads.values().forEach(ExecutorService::shutdownNow);
    }
}
