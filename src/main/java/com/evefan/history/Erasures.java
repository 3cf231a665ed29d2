package com.evefan.history;

import static com.evefan.history.Requests.JSON;

import com.evefan.admin.ApiException;
import com.evefan.counters.Counters;
import com.evefan.counters.SafeText;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.event.Person;
import com.evefan.files.PrivateFiles;
import com.evefan.history.ErasureApi.Holder;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All erasures, one after the other. Where the one under way stands in the journal is a file, replaced as it moves on: one
 * that a stop or a kill has interrupted goes on from there, and does everything else once more, which changes nothing.
 */
final class Erasures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);
    /** That somebody was erased, and no word of whom. */
    private static final Logger AUDIT = LoggerFactory.getLogger("com.evefan.audit");

    private static final long SAVE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_AT_ONCE = 100;
    private static final int MOST_OVER = 50;
    /** What nobody but the operator can do. */
    private static final List<String> ALWAYS_LEFT = List.of(
            "what comes in for this person from now on: it is not erased",
            "messageIds in memory for the recognition of duplicates: they are hashes, and go with their window",
            "the pages of the broker's and PostgreSQL's own files, in which deleted data stays until they are written"
                    + " anew (PostgreSQL: VACUUM and a checkpoint), and back-ups",
            "where Evefan's log goes to: destinations' own words may quote an event");

    private final Path path;
    private final Supplier<Journal> journal;
    private final DeadLetterApi deadLetters;
    private final ReplayApi replays;
    private final Counters counters;
    private final Supplier<List<Holder>> holders;
    private final Clock clock;
    private final List<Erasure> all = new ArrayList<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "evefan-erasure");
        made.setDaemon(true);
        return made;
    });
    private volatile boolean closing;
    private long last;
    private long savedAt = System.nanoTime();
    private boolean saveFails;

    Erasures(
            Path path,
            Supplier<Journal> journal,
            DeadLetterApi deadLetters,
            ReplayApi replays,
            Counters counters,
            Supplier<List<Holder>> holders,
            Clock clock) {
        this.path = path;
        this.journal = journal;
        this.deadLetters = deadLetters;
        this.replays = replays;
        this.counters = counters;
        this.holders = holders;
        this.clock = clock;
    }

    // ---- What an operator asks for ---------------------------------------------------------------------------------

    /** Takes up what a stop or a kill has interrupted. */
    synchronized void resume() {
        try {
            if (Files.exists(path)) {
                JSON.readTree(path.toFile()).path("erasures").forEach(one -> all.add(Erasure.of(one)));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The erasures in {} cannot be read; one that was under way has to be started again", path, e);
        }
        for (Erasure erasure : all) {
            last = Math.max(last, erasure.id);
            begin(erasure);
        }
        if (!all.isEmpty()) {
            saveIfPossible(); // without the person of one that is over
        }
    }

    synchronized Erasure start(Person person, boolean dryRun) throws ApiException {
        if (all.stream().filter(one -> !one.isOver()).count() >= MOST_AT_ONCE) {
            throw new ApiException(429, MOST_AT_ONCE + " erasures are under way or wait: stop some");
        }
        Erasure erasure = new Erasure(++last, person, dryRun, clock.instant());
        all.add(erasure);
        try {
            save();
        } catch (IOException e) {
            all.remove(erasure);
            throw new ApiException(503, "the erasure cannot be saved, and would not survive a crash: " + words(e));
        }
        begin(erasure);
        return erasure;
    }

    private void begin(Erasure erasure) {
        if (!erasure.isOver()) {
            thread.execute(() -> run(erasure));
        }
    }

    /** It ends as soon as it can; what it has done is done. */
    synchronized Erasure stop(long id) throws ApiException {
        for (Erasure erasure : all) {
            if (erasure.id == id) {
                erasure.stop(clock.instant());
                saveIfPossible();
                return erasure;
            }
        }
        throw new ApiException(404, "there is no erasure " + id);
    }

    /** The oldest first. */
    synchronized List<Erasure> all() {
        return List.copyOf(all);
    }

    // ---- One erasure -----------------------------------------------------------------------------------------------

    private boolean isOn(Erasure erasure) {
        return !closing && !erasure.isOver();
    }

    private void run(Erasure erasure) {
        Person person = erasure.person();
        if (person == null || !isOn(erasure)) {
            erasure.forget();
            saveIfPossible();
            return;
        }
        try {
            new Run(erasure, person).all();
        } catch (RuntimeException | ApiException e) {
            LOG.warn("{} ends early: {}", erasure, words(e));
            ObjectNode found = JSON.createObjectNode().put("complete", false);
            found.putArray("notErased").add("it ended early, so everything may be left: " + words(e));
            ended(erasure, found, false);
        }
    }

    private synchronized void ended(Erasure erasure, ObjectNode found, boolean complete) {
        erasure.end(found, complete, clock.instant());
        long over = all.stream().filter(Erasure::isOver).count();
        for (Erasure one : List.copyOf(all)) {
            if (over > MOST_OVER && one.isOver()) {
                all.remove(one);
                over--;
            }
        }
        saveIfPossible();
    }

    /** What its thread does. */
    private final class Run {
        private final Erasure erasure;
        private final Person person;
        private final List<String> left = new ArrayList<>();
        private final ObjectNode json = JSON.createObjectNode();

        Run(Erasure erasure, Person person) {
            this.erasure = erasure;
            this.person = person;
        }

        void all() throws ApiException {
            erasure.begin(clock.instant(), journal.get().history().kept().end());
            json.put("replays", replays.replays().forget(person, erasure.dryRun));
            if (erasure.isResumed()) {
                json.put("note", "it was interrupted: events that were erased before are not counted");
            }
            journal();
            ObjectNode letters = json.putObject("deadLetters");
            step(
                    "dead letters and refused events",
                    () -> deadLetters.erase(person, erasure.dryRun, left).forEach(letters::put));
            step("what destinations said", this::messages);
            ObjectNode rows = json.putObject("rows");
            ObjectNode toDo = json.putObject("toDo");
            for (Holder holder : holders.get()) {
                step(
                        holder.name(),
                        () -> holder.erase(person, erasure.dryRun)
                                .forEach((table, count) ->
                                        rows.withObjectProperty(holder.name()).put(table, count)));
                List<String> own = holder.toDo(person);
                if (!own.isEmpty()) {
                    ArrayNode steps = toDo.putArray(holder.name());
                    own.forEach(steps::add);
                }
            }
            if (closing && !erasure.isOver()) {
                return; // it goes on after the next start
            }
            boolean complete = left.isEmpty();
            left.addAll(ALWAYS_LEFT);
            json.put("complete", complete);
            left.forEach(json.putArray("notErased")::add);
            ended(erasure, json, complete);
            if (!erasure.dryRun) {
                AUDIT.info(
                        "Erased {} ({}): {} events of the journal, dead letters {}, rows {}, complete: {}",
                        person,
                        erasure,
                        json.path("events"),
                        letters,
                        rows,
                        complete);
            }
        }

        private void journal() {
            json.put("events", 0);
            step("the journal", () -> {
                History.Erased events = journal.get()
                        .history()
                        .erase(person, erasure.dryRun, erasure.position(), position -> {
                            erasure.move(position);
                            saveNowAndThen();
                            return isOn(erasure);
                        });
                json.put("events", events.events());
                if (events.oldest() != null) {
                    json.put("oldest", events.oldest().toString());
                }
                if (!events.anonymousIds().isEmpty()) {
                    events.anonymousIds().forEach(json.putArray("anonymousIdsSeen")::add);
                }
                if (!erasure.dryRun) {
                    for (Map.Entry<String, Long> one : events.inHand().entrySet()) {
                        left.add(one.getValue() + " events are on their way to " + one.getKey()
                                + " and may be delivered still: erase once more when they are");
                    }
                    replays.replays().readAnew(person, left);
                }
                left.addAll(events.left());
            });
        }

        private void messages() {
            int messages = 0;
            if (!erasure.dryRun) {
                for (String name : counters.snapshot().keySet()) {
                    messages += counters.of(name).forget(person::isNamedIn);
                }
                counters.save();
            }
            json.put("messages", messages);
        }

        private void step(String what, Step step) {
            if (!isOn(erasure)) {
                left.add(what + ": stopped before it");
                return;
            }
            try {
                step.run();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                left.add(what + ": " + words(e));
            }
        }
    }

    /** A part of an erasure. */
    private interface Step {
        void run() throws Exception;
    }

    private static String words(Exception e) {
        return SafeText.of(e.getMessage(), e.getClass().getSimpleName());
    }

    // ---- The file --------------------------------------------------------------------------------------------------

    private synchronized void saveNowAndThen() {
        if (System.nanoTime() - savedAt >= SAVE_EVERY_NANOS) {
            saveIfPossible();
        }
    }

    private synchronized void saveIfPossible() {
        try {
            save();
            saveFails = false;
        } catch (IOException e) {
            if (!saveFails) {
                LOG.warn("Where erasures stand cannot be saved: {}", e.toString());
            }
            saveFails = true;
        }
    }

    private synchronized void save() throws IOException {
        savedAt = System.nanoTime();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode saved = json.putArray("erasures");
        all.forEach(erasure -> saved.add(erasure.saved()));
        PrivateFiles.writeDurably(path, JSON.writeValueAsString(json));
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.shutdown();
        thread.awaitTermination(10, TimeUnit.SECONDS);
        synchronized (this) {
            if (!all.isEmpty()) {
                saveIfPossible();
            }
        }
    }

    /** The one called {@code id}; null where there is none. */
    synchronized @Nullable Erasure find(long id) {
        return all.stream().filter(one -> one.id == id).findFirst().orElse(null);
    }
}
