package com.evefan.destination.bigquery;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.EventBatch;
import com.evefan.warehouse.EventShapes;
import com.google.cloud.bigquery.BigQuery;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of events to BigQuery. Creates dataset and tables where they are missing, at the first batch that
 * needs them. Fit for many threads.
 */
public final class BigQueryWriter implements AutoCloseable {
    private static final Duration REPLAY_INTERVAL = Duration.ofSeconds(30);

    private final Packer packer;
    private final Inserter inserter;
    private final Tables tables;
    private final Visibility visibility;
    private final ExecutorService requests;
    private final ScheduledExecutorService replays =
            Executors.newSingleThreadScheduledExecutor(daemon("bigquery-replays"));
    private final @Nullable BigQueryViews views;

    /** @throws IllegalStateException when the factory has no client */
    public BigQueryWriter(BigQuerySettings settings, GoogleBigQueryConnectionFactory connection) {
        this(settings, client(connection), Clock.systemUTC(), Pause.real());
        if (views != null) {
            views.start();
        }
    }

    BigQueryWriter(BigQuerySettings settings, BigQuery client, Clock clock, Pause pause) {
        boolean withViews = settings.enabled() && settings.views().maxEvents() > 0;
        EventShapes shapes = withViews
                ? new EventShapes(settings.views().maxEvents(), settings.views().maxColumns())
                : null;
        Metadata metadata = new Metadata(client, settings);
        packer = new Packer(settings.request(), shapes);
        inserter = new Inserter(client, settings);
        tables = new Tables(settings, metadata);
        views = shapes == null ? null : new BigQueryViews(settings, metadata, shapes);
        visibility = new Visibility(settings.timeouts().visible(), clock, pause);
        requests = Executors.newFixedThreadPool(settings.parallelRequests(), daemon("bigquery-request"));
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Has dead letters of tables that inserts did not see yet replayed.
     *
     * @param replay begins a replay of those with this error; false where it could not
     */
    public void replayBy(Predicate<String> replay) {
        long seconds = REPLAY_INTERVAL.toSeconds();
        replays.scheduleWithFixedDelay(() -> visibility.replay(replay), seconds, seconds, TimeUnit.SECONDS);
    }

    Visibility visibility() {
        return visibility;
    }

    /**
     * Writes the events of {@code batch}; returns when BigQuery has all of them.
     *
     * @throws RetryableException when it took none and may take them later
     * @throws SetUpException when an operator has to act first
     * @throws PartialDeliveryException when it took some: names what it will never take, with column and message, and
     *     what is to be sent again
     */
    public void write(EventBatch batch) throws RetryableException, SetUpException, PartialDeliveryException {
        Outcome outcome = new Outcome();
        List<InsertRequest> packed = packer.pack(batch.events(), outcome);
        try {
            if (packed.size() == 1) {
                outcome.add(insert(packed.get(0)));
            } else {
                insertInParallel(packed, outcome);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while writing to BigQuery", e);
        }
        outcome.report(batch.size());
    }

    private void insertInParallel(List<InsertRequest> packed, Outcome outcome) throws InterruptedException {
        List<Future<Outcome>> underWay = new ArrayList<>(packed.size());
        for (InsertRequest request : packed) {
            underWay.add(requests.submit(() -> insert(request)));
        }
        try {
            for (Future<Outcome> future : underWay) {
                outcome.add(future.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request to BigQuery failed: " + e.getCause(), e.getCause());
        } finally {
            underWay.forEach(future -> future.cancel(true)); // after an interrupt; those that are done stay done
        }
    }

    private Outcome insert(InsertRequest request) throws InterruptedException {
        Insertion insertion = new Insertion(inserter, tables, visibility);
        insertion.insert(request);
        return insertion.outcome();
    }

    BigQueryViews views() {
        return Objects.requireNonNull(views);
    }

    /** Stops the threads of requests; those under way are interrupted, their events are sent again later. */
    @Override
    public void close() {
        replays.shutdownNow();
        if (views != null) {
            views.close();
        }
        requests.shutdownNow();
    }

    private static BigQuery client(GoogleBigQueryConnectionFactory connection) {
        try {
            return connection.getDefaultClient();
        } catch (Exception e) { // what the factory declares
            throw new IllegalStateException("no client for BigQuery", e);
        }
    }
}
