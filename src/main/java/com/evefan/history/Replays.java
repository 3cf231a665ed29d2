package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.DeliveryObserver;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventFacts;
import com.evefan.event.Person;
import com.evefan.files.PrivateFiles;
import com.evefan.history.Replay.State;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All replays: those of one destination one after the other, each as a second place in the journal with an end. A batch of
 * a replay is delivered on the destination's own thread, between two of its live ones; while live events wait to be handed
 * out, a replay takes a twentieth of that thread's time. Where each stands is a file, replaced as it moves on: a killed
 * process sends some events twice and leaves none out.
 */
final class Replays implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    /** Beside live events that wait, a replay rests so many times as long as its last delivery took: 5 % are its own. */
    private static final int REST = 19;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long ASK_EVERY_MS = 100;
    private static final long SAVE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Events that are looked at before the place is moved, however few are meant. */
    private static final int MOST_LOOKED_AT = 20_000;

    private static final int MOST_AT_ONCE = 100;
    private static final int MOST_OVER = 50;
    private static final Room ROOM = new Room(1_000, 2 << 20);

    private final Path path;
    private final Supplier<Journal> journal;
    private final Destinations destinations;
    private final Deliveries deliveries;
    private final Function<String, @Nullable Double> rate;
    private final Clock clock;
    private final List<Replay> all = new ArrayList<>();
    private final Set<String> busy = new HashSet<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "evefan-journal-replay");
        thread.setDaemon(true);
        return thread;
    });
    /** What is being delivered, by destination. */
    private final Map<String, List<Event>> sending = new ConcurrentHashMap<>();
    /** So often events were blanked. */
    private volatile int erasures;

    private volatile boolean closing;
    private long last;
    private long savedAt = System.nanoTime();
    private boolean saveFails;

    /**
     * @param rate how many events a second a destination takes; null where that is not known
     */
    Replays(
            Path path,
            Supplier<Journal> journal,
            Destinations destinations,
            Deliveries deliveries,
            Function<String, @Nullable Double> rate,
            Clock clock) {
        this.path = path;
        this.journal = journal;
        this.destinations = destinations;
        this.deliveries = deliveries;
        this.rate = rate;
        this.clock = clock;
    }

    // ---- What an operator asks for ---------------------------------------------------------------------------------

    /** What was saved; nothing where it cannot be read. */
    static List<Replay> read(Path path) {
        List<Replay> saved = new ArrayList<>();
        try {
            if (Files.exists(path)) {
                JSON.readTree(path.toFile()).path("replays").forEach(one -> saved.add(Replay.of(one)));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The replays in {} cannot be read; those that were under way have to be started again", path, e);
        }
        return saved;
    }

    /** Before anything is deleted: keeps what the replays in {@code path} still need. */
    static void hold(Path path, Journal journal) {
        for (Replay replay : read(path)) {
            if (!replay.isOver()) {
                journal.history().hold(owner(replay), replay.position());
            }
        }
    }

    /** Takes up what a stop or a kill has interrupted. */
    synchronized void resume() {
        all.addAll(read(path));
        for (Replay replay : all) {
            last = Math.max(last, replay.id);
        }
        next();
    }

    synchronized Replay start(String destination, Replay.Filter filter, boolean dryRun) throws ApiException {
        Destination known = destinations.get(destination);
        if (known == null || !known.isOwed()) {
            throw new ApiException(404, "there is no running destination " + destination);
        }
        if (all.stream().filter(one -> !one.isOver()).count() >= MOST_AT_ONCE) {
            throw new ApiException(429, MOST_AT_ONCE + " replays are under way or wait: stop some");
        }
        History history = journal.get().history();
        History.Kept kept = history.kept();
        long from = filter.since() == null ? kept.first() : history.since(filter.since());
        Place place = place(destination);
        long end =
                place == null ? kept.end() : Math.min(kept.end(), place.status().position());
        Replay replay = new Replay(++last, destination, filter, dryRun, Math.min(from, end), end, clock.instant());
        Instant oldest = kept.oldest();
        if (oldest != null && (filter.since() == null || filter.since().isBefore(oldest))) {
            replay.keptSince(oldest);
        }
        all.add(replay);
        history.hold(owner(replay), replay.position());
        save(true);
        next();
        return replay;
    }

    /** It ends where it is; what it delivers at this moment is delivered. */
    synchronized Replay stop(long id) throws ApiException {
        for (Replay replay : all) {
            if (replay.id == id) {
                over(replay, State.STOPPED);
                return replay;
            }
        }
        throw new ApiException(404, "there is no replay " + id);
    }

    /** The oldest first. */
    synchronized List<Replay> all() {
        return List.copyOf(all);
    }

    /** Ends the replays of {@code person}, and forgets them; returns how many. */
    synchronized int forget(Person person, boolean dryRun) {
        List<Replay> found = all.stream().filter(one -> one.concerns(person)).toList();
        if (!dryRun && !found.isEmpty()) {
            found.forEach(one -> over(one, State.STOPPED));
            all.removeAll(found);
            save(true);
        }
        return found.size();
    }

    /**
     * Events of {@code person} were blanked in the journal: what replays have read before is read once more.
     *
     * @param left takes what is on its way at this moment
     */
    synchronized void readAnew(Person person, List<String> left) {
        erasures++;
        sending.forEach((destination, events) -> {
            long its = events.stream()
                    .filter(event -> person.has(EventFacts.of(event.json())))
                    .count();
            if (its > 0) {
                left.add(its + " events are being sent to " + destination + " in a replay: erase once more there");
            }
        });
    }

    private static String owner(Replay replay) {
        return "replay " + replay.id;
    }

    private @Nullable Place place(String destination) {
        for (Place place : journal.get().places()) {
            if (place.destination().equals(destination)) {
                return place;
            }
        }
        return null;
    }

    /** Begins with those whose turn it is: the first of each destination; what is only counted waits for nobody. */
    private synchronized void next() {
        for (Replay replay : all) {
            if (closing || replay.isOver()) {
                continue;
            }
            String line = replay.dryRun ? owner(replay) : replay.destination + " ";
            if (busy.add(line)) {
                threads.execute(() -> {
                    try {
                        run(replay);
                    } finally {
                        synchronized (this) {
                            busy.remove(line);
                        }
                        next();
                    }
                });
            }
        }
    }

    private synchronized void over(Replay replay, State how) {
        if (!replay.end(how, clock.instant())) {
            return;
        }
        journal.get().history().release(owner(replay));
        if (!replay.dryRun) {
            LOG.info("End of {}", replay);
        }
        long over = all.stream().filter(Replay::isOver).count();
        for (Replay one : List.copyOf(all)) {
            if (over > MOST_OVER && one.isOver()) {
                all.remove(one);
                over--;
            }
        }
        save(true);
    }

    // ---- One replay ------------------------------------------------------------------------------------------------

    private boolean isOn(Replay replay) {
        return !closing && !replay.isOver();
    }

    private void run(Replay replay) {
        boolean told = false;
        while (isOn(replay)) {
            replay.begin(clock.instant());
            try (History.Cursor cursor = journal.get().history().from(replay.position())) {
                if (!replay.dryRun && !told) {
                    LOG.info("Begin of {}", replay);
                }
                told = true;
                Run run = new Run(replay, cursor);
                run.all();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                String why = SafeText.of(e.getMessage(), e.getClass().getSimpleName());
                replay.tell(why + "; tried again");
                LOG.warn("{} cannot go on and is tried again: {}", replay, why);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The events that are sent at once, and what has been looked at for them. */
    private record Step(List<Event> events, long missing, long next) {}

    /** What its thread does. */
    private final class Run {
        private final Replay replay;
        private final History.Cursor cursor;
        private final Room room;
        private long position;
        private final int before = erasures;
        private volatile long took;
        private long restedFrom = System.nanoTime();

        Run(Replay replay, History.Cursor cursor) {
            this.replay = replay;
            this.cursor = cursor;
            Destination destination = destinations.get(replay.destination);
            Room known = destination == null ? null : destination.room();
            // The room is two batches.
            room = known == null ? ROOM : new Room(Math.max(1, known.events() / 2), Math.max(1, known.bytes() / 2));
            position = replay.position();
        }

        void all() throws InterruptedException {
            Step step = read();
            while (step != null && isOn(replay)) {
                Step following = null;
                List<Event> left = replay.dryRun ? List.of() : step.events();
                while (!left.isEmpty() && awaitRoom()) {
                    if (before != erasures) {
                        return; // what was read may be of somebody who has been erased: it is read once more
                    }
                    Attempted attempt = begin(left);
                    following = following == null ? read() : following;
                    left = attempt.await();
                }
                if (!left.isEmpty()) {
                    return;
                }
                step.events().forEach(replay::meant);
                moved(step);
                if (before != erasures) {
                    return; // what was read meanwhile is read once more
                }
                step = following == null ? read() : following;
            }
            if (isOn(replay)) {
                replay.rate(rate.apply(replay.destination));
                over(replay, State.DONE);
            }
        }

        private void moved(Step step) {
            replay.move(step.next(), step.missing());
            synchronized (Replays.this) {
                if (!replay.isOver()) {
                    journal.get().history().hold(owner(replay), step.next());
                }
            }
            save(false);
        }

        /** Null at the end. */
        private @Nullable Step read() {
            if (position >= replay.end) {
                return null;
            }
            List<Event> events = new ArrayList<>();
            long missing = 0;
            long bytes = 0;
            long from = position;
            while (position < replay.end
                    && position - from < MOST_LOOKED_AT
                    && events.size() < room.events()
                    && bytes < room.bytes()) {
                long most = Math.min(replay.end, position + room.events() - events.size());
                History.Page page = cursor.next(most);
                if (page == null) {
                    break;
                }
                missing += page.missing();
                position = page.next();
                for (Event event : page.events()) {
                    if (replay.filter.matches(event)) {
                        events.add(event);
                        bytes += event.json().length;
                    }
                }
            }
            return position == from ? null : new Step(events, missing, position);
        }

        /** Waits until live events leave room; false when the replay is to end. */
        private boolean awaitRoom() throws InterruptedException {
            while (isOn(replay)) {
                Destination destination = destinations.get(replay.destination);
                boolean runs = destination != null && destination.isOwed();
                if (runs && (!isLiveWaiting() || System.nanoTime() - restedFrom >= REST * took)) {
                    return true;
                }
                TimeUnit.NANOSECONDS.sleep(runs ? LOOK_NANOS : TimeUnit.MILLISECONDS.toNanos(ASK_EVERY_MS));
            }
            return false;
        }

        /** Whether there are live events that cannot even be handed out. */
        private boolean isLiveWaiting() {
            Place place = place(replay.destination);
            long end = journal.get().history().kept().end();
            return place != null && place.standing(end - 1).stage() == Place.Stage.WAITING;
        }

        private Attempted begin(List<Event> events) {
            EventBatch batch = EventBatch.of(events);
            EventBatch own = destinations.share(replay.destination, batch);
            AtomicBoolean begun = new AtomicBoolean();
            CompletableFuture<Deliveries.@Nullable Replayed> done = destinations.between(replay.destination, () -> {
                if (!begun.compareAndSet(false, true)) {
                    return null;
                }
                long start = System.nanoTime();
                sending.put(replay.destination, own.events());
                if (before != erasures) {
                    sending.remove(replay.destination);
                    return null;
                }
                try {
                    return own.size() == 0
                            ? Deliveries.Replayed.NOTHING
                            : deliveries.replay(own, replay.destination, replay.begun());
                } finally {
                    sending.remove(replay.destination);
                    took = System.nanoTime() - start;
                }
            });
            return new Attempted(events, batch.size() - own.size(), begun, done);
        }

        /** A batch on its way. */
        private final class Attempted {
            private final List<Event> events;
            private final int filtered;
            private final AtomicBoolean begun;
            private final CompletableFuture<Deliveries.@Nullable Replayed> done;

            Attempted(
                    List<Event> events,
                    int filtered,
                    AtomicBoolean begun,
                    CompletableFuture<Deliveries.@Nullable Replayed> done) {
                this.events = events;
                this.filtered = filtered;
                this.begun = begun;
                this.done = done;
            }

            /** What is left of it. */
            List<Event> await() throws InterruptedException {
                while (true) {
                    try {
                        Deliveries.Replayed what = done.get(ASK_EVERY_MS, TimeUnit.MILLISECONDS);
                        restedFrom = System.nanoTime();
                        return what == null ? events : settled(what);
                    } catch (TimeoutException e) {
                        // It may wait behind a batch that fails for as long as that fails.
                        if (!isOn(replay) && begun.compareAndSet(false, true)) {
                            return events;
                        }
                    } catch (ExecutionException e) {
                        Throwable why = e.getCause() == null ? e : e.getCause();
                        replay.tell(SafeText.of(why.getMessage(), why.getClass().getSimpleName()));
                        TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MS); // it does not run, or is paused
                        return events;
                    }
                }
            }

            private List<Event> settled(Deliveries.Replayed what) {
                replay.count(new Replay.Sent(
                        what.delivered(), what.rejected(), what.dead(), what.leftOut() + (long) filtered));
                Exception failure = what.failure();
                replay.tell(
                        failure == null
                                ? ""
                                : SafeText.of(
                                        failure.getMessage(), failure.getClass().getSimpleName()));
                return what.remaining();
            }
        }
    }

    // ---- The file --------------------------------------------------------------------------------------------------

    private synchronized void save(boolean now) {
        if (!now && System.nanoTime() - savedAt < SAVE_EVERY_NANOS) {
            return;
        }
        savedAt = System.nanoTime();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode saved = json.putArray("replays");
        all.forEach(replay -> saved.add(replay.saved()));
        try {
            String text = JSON.writeValueAsString(json);
            if (now) {
                PrivateFiles.writeDurably(path, text);
            } else {
                PrivateFiles.write(path, text);
            }
            saveFails = false;
        } catch (IOException e) {
            if (!saveFails) {
                LOG.warn("Where replays stand cannot be saved: {}", e.toString());
            }
            saveFails = true;
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closing = true;
        }
        threads.shutdown();
        threads.awaitTermination(10, TimeUnit.SECONDS);
        synchronized (this) {
            if (!all.isEmpty()) {
                save(true);
            }
        }
    }

    /** What a destination takes, by its last calls. */
    static final class Rates implements DeliveryObserver {
        private static final int HALF_AFTER = 100_000;

        private final Map<String, double[]> sums = new ConcurrentHashMap<>();

        @Override
        public void called(String destination, int events, long nanos) {
            double[] sum = sums.computeIfAbsent(destination, name -> new double[2]);
            synchronized (sum) {
                if (sum[0] > HALF_AFTER) {
                    sum[0] /= 2;
                    sum[1] /= 2;
                }
                sum[0] += events;
                sum[1] += nanos / 1e9;
            }
        }

        @Override
        public void delivered(String destination, List<Event> events) {}

        /** Events a second while it is being sent some; null where there were none. */
        @Nullable
        Double of(String destination) {
            double[] sum = sums.get(destination);
            if (sum == null) {
                return null;
            }
            synchronized (sum) {
                return sum[1] == 0 ? null : sum[0] / sum[1];
            }
        }
    }
}
