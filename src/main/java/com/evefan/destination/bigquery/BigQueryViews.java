package com.evefan.destination.bigquery;

import com.evefan.destination.bigquery.Failure.Kind;
import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.EventViews;
import com.evefan.warehouse.EventViews.Content;
import com.evefan.warehouse.EventViews.View;
import com.evefan.warehouse.Table;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.ViewDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views of {@link EventViews}, and {@code <table>_view} of each table. Made and extended on threads of their own: a
 * delivery never waits for a view. What a view has stands in the first line of its query, which also says that it is ours.
 */
final class BigQueryViews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BigQueryViews.class);

    /** A call takes up to a second. */
    private static final int PARALLEL = 4;

    private final BigQuerySettings settings;
    private final Metadata metadata;
    private final EventShapes shapes;
    private final EventViews views;
    private final ViewQueries queries;
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(PARALLEL + 1, task -> {
        Thread thread = new Thread(task, "bigquery-views");
        thread.setDaemon(true);
        return thread;
    });
    /** The queries of views as they were last seen or made; null of a view that has none. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    private Map<String, TableDefinition.Type> seen = Map.of();
    private long done = -1;

    BigQueryViews(BigQuerySettings settings, Metadata metadata, EventShapes shapes) {
        this.settings = settings;
        this.metadata = metadata;
        this.shapes = shapes;
        this.views = new EventViews(shapes, settings.views(), ViewQueries::isForbidden);
        this.queries = new ViewQueries(settings);
    }

    void start() {
        long interval = settings.views().intervalMs();
        threads.scheduleWithFixedDelay(this::refreshQuietly, interval, interval, TimeUnit.MILLISECONDS);
    }

    private void refreshQuietly() {
        try {
            refresh();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            tell("", "Views could not be made, and will be tried again: " + e);
        }
    }

    /** Makes and extends what has changed since it was done last, by us or by others. */
    void refresh() throws InterruptedException {
        long changes = shapes.changes();
        if (changes == 0) {
            return; // nothing was delivered, so nothing may be there, and nobody wants a call for nothing
        }
        try {
            Map<String, TableDefinition.Type> names = metadata.list();
            if (changes == done && names.equals(seen)) {
                return;
            }
            forgetDropped(names);
            readNew(names);
            boolean all = make(wanted(names), names);
            seen = names;
            done = all ? changes : -1;
            if (all) {
                told.keySet().removeIf(key -> key.startsWith(FAILED));
            }
        } catch (RequestFailure e) {
            tellFailure("Views", e.failure());
        }
    }

    /** A view of ours that somebody has dropped is made anew, of what comes from then on. */
    private void forgetDropped(Map<String, TableDefinition.Type> names) {
        for (String view : List.copyOf(known.keySet())) {
            if (!names.containsKey(view)) {
                Content content = ViewQueries.content(known.remove(view));
                if (content != null) {
                    content.events().forEach(shapes::forget);
                }
            }
        }
    }

    private void readNew(Map<String, TableDefinition.Type> names) throws RequestFailure, InterruptedException {
        Map<String, Task> reads = new LinkedHashMap<>();
        names.forEach((name, type) -> {
            if (type == TableDefinition.Type.VIEW && !known.containsKey(name)) {
                reads.put(name, () -> known.put(name, query(name)));
            }
        });
        for (RequestFailure failure : inParallel(reads).values()) {
            throw failure;
        }
    }

    /** Empty where there is none any more, or none that we could have written. */
    private String query(String view) throws RequestFailure {
        TableInfo table = metadata.table(id(view));
        String query = table != null && table.getDefinition() instanceof ViewDefinition definition
                ? definition.getQuery()
                : null;
        return query == null ? "" : query;
    }

    /** By name the queries of all views that there should be. */
    private Map<String, String> wanted(Map<String, TableDefinition.Type> names) {
        Map<String, @Nullable Content> relations = new HashMap<>();
        names.keySet().forEach(name -> relations.put(name, ViewQueries.content(known.get(name))));
        Map<String, String> wanted = new LinkedHashMap<>();
        for (Table table : Table.ALL) {
            String name = ViewQueries.oneRowEach(table);
            relations.put(name, null); // of no event
            if (names.containsKey(table.name()) && isOurs(name, names)) {
                wanted.put(name, queries.oneRowForEachId(table));
            }
        }
        List<View> ofEvents = views.wanted(
                relations,
                name -> tell(name, "View " + name + " is not made: something else in the dataset has that name"));
        for (View view : ofEvents) {
            if (names.containsKey(view.table().name())) {
                wanted.put(view.name(), queries.of(view));
            }
        }
        return wanted;
    }

    private boolean isOurs(String name, Map<String, TableDefinition.Type> names) {
        boolean ours = !names.containsKey(name) || ViewQueries.content(known.get(name)) != null;
        if (!ours) {
            tell(name, "View " + name + " is not made: something else in the dataset has that name");
        }
        return ours;
    }

    private boolean make(Map<String, String> wanted, Map<String, TableDefinition.Type> names)
            throws InterruptedException {
        Map<String, Task> tasks = new LinkedHashMap<>();
        wanted.forEach((name, query) -> {
            if (!query.equals(known.get(name))) {
                tasks.put(name, () -> make(name, query, names.containsKey(name)));
            }
        });
        Map<String, RequestFailure> failed = inParallel(tasks);
        failed.forEach((name, failure) -> tellFailure("View " + name, failure.failure()));
        return failed.isEmpty();
    }

    private void make(String name, String query, boolean isThere) throws RequestFailure {
        if (!isThere) {
            metadata.createView(id(name), query);
        } else if (ViewQueries.content(query(name)) != null) { // nobody has put another one there meanwhile
            metadata.replaceView(id(name), query);
        } else {
            known.remove(name);
            return;
        }
        known.put(name, query);
    }

    private TableId id(String view) {
        return TableId.of(settings.project(), settings.dataset(), view);
    }

    @FunctionalInterface
    private interface Task {
        void run() throws RequestFailure;
    }

    /** What failed, by name; after an error of the set-up nothing further is begun. */
    private Map<String, RequestFailure> inParallel(Map<String, Task> tasks) throws InterruptedException {
        Map<String, RequestFailure> failed = new ConcurrentHashMap<>();
        List<Future<?>> underWay = new ArrayList<>();
        tasks.forEach((name, task) -> underWay.add(threads.submit(() -> {
            if (failed.values().stream().noneMatch(e -> e.failure().kind() == Kind.SET_UP)) {
                try {
                    task.run();
                } catch (RequestFailure e) {
                    failed.put(name, e);
                }
            }
        })));
        for (Future<?> future : underWay) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return failed;
    }

    private static final String FAILED = "failed ";

    /** Once for each class of error, however many views there are. */
    private void tellFailure(String what, Failure failure) {
        if (told.putIfAbsent(FAILED + failure.error(), what) == null) {
            LOG.warn("BigQuery: {} could not be made, and will be tried again: {}", what, failure.message());
        }
    }

    private void tell(String key, String what) {
        if (!what.equals(told.put(key, what))) {
            LOG.warn("BigQuery: {}", what);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
