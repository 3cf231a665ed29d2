package com.evefan.delivery;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Route;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteEvent;
import org.apache.camel.support.EventNotifierSupport;

/**
 * The destinations: the routes in group {@value #GROUP} that are not switched off. A route's id is the destination's
 * name; a batch for it goes to the route's endpoint. Follows routes that come and go while Evefan runs.
 */
public final class Destinations extends EventNotifierSupport {
    /** The group of every destination route. */
    public static final String GROUP = "destination";

    /** The exchange property that holds the name of the destination which an exchange is for. */
    public static final String PROPERTY = "destination";

    /**
     * Before a destination's name, the endpoint of what is to skip it and go to its retry queue. No route consumes from
     * it, as none does from the endpoint of a destination that is stopped: both end in {@code direct:missing}.
     */
    static final String RETRY_QUEUE = "direct://past-";

    private final Set<String> held = new TreeSet<>();
    private final Map<String, ExecutorService> threads = new ConcurrentHashMap<>();
    private volatile Map<String, String> endpoints = Map.of();

    public Destinations() {
        setIgnoreExchangeEvents(true);
        setIgnoreCamelContextEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
    }

    /** The names of all destinations that events are owed to, stopped ones included. */
    public Set<String> names() {
        return endpoints.keySet();
    }

    /** Where a batch for {@code name} goes, whether its route is there or not. */
    String endpoint(String name) {
        return endpoints.getOrDefault(name, "direct://" + name);
    }

    /** The destination whose batches go to {@code endpoint}. */
    Optional<String> nameOf(String endpoint) {
        if (endpoint.startsWith(RETRY_QUEUE)) {
            return Optional.of(endpoint.substring(RETRY_QUEUE.length()));
        }
        for (Map.Entry<String, String> entry : endpoints.entrySet()) {
            if (entry.getValue().equals(endpoint)) {
                return Optional.of(entry.getKey());
            }
        }
        return endpoint.startsWith("direct://")
                ? Optional.of(endpoint.substring("direct://".length()))
                : Optional.empty();
    }

    /** {@code name} stays a destination, and is owed events, while its routes are exchanged for others. */
    public synchronized void hold(String name) {
        held.add(name);
        Map<String, String> current = new TreeMap<>(endpoints);
        current.putIfAbsent(name, endpoint(name));
        endpoints = current;
    }

    /** Ends {@link #hold}; {@code stays} tells whether there is still a route of that name. */
    public synchronized void release(String name, boolean stays) {
        held.remove(name);
        if (!stays) {
            Map<String, String> current = new TreeMap<>(endpoints);
            current.remove(name);
            endpoints = current;
        }
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
        if (!names().contains(destination)) {
            done.completeExceptionally(new IllegalStateException("destination " + destination + " does not run"));
            return done;
        }
        threads.computeIfAbsent(destination, Destinations::thread).execute(() -> {
            try {
                done.complete(work.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /**
     * For work on the delivery thread: waits until the next attempt of {@code destination} is due, at once while it does
     * not fail. False when it stops meanwhile: then nothing more is to be tried.
     */
    public boolean awaitTurn(String destination) throws InterruptedException {
        return names().contains(destination);
    }

    private static ExecutorService thread(String destination) {
        return Executors.newSingleThreadExecutor(task -> new Thread(task, "evefan-deliver-" + destination));
    }

    @Override
    public synchronized void notify(CamelEvent event) {
        Map<String, String> current = new TreeMap<>();
        for (String name : held) {
            current.put(name, endpoint(name));
        }
        for (Route route : ((RouteEvent) event).getRoute().getCamelContext().getRoutes()) {
            if (isDestination(route)) {
                current.put(route.getRouteId(), route.getEndpoint().getEndpointUri());
            }
        }
        endpoints = current;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event instanceof RouteEvent;
    }

    /** Whether events are owed to {@code route}. */
    static boolean isDestination(Route route) {
        return Objects.equals(route.getGroup(), GROUP) && !Objects.equals(route.isAutoStartup(), false);
    }
}
