package com.evefan.journal.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventFacts;
import com.evefan.journal.Handover;
import com.evefan.journal.History;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalException;
import com.evefan.journal.JournalFullException;
import com.evefan.journal.JournalStatus;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal in a topic of Kafka, as one of any number of nodes has it. */
public final class KafkaJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaJournal.class);
    private static final String CLOSED = "the journal is closed";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final long ASK_AGAIN_MILLIS = 20;
    /** A producer that cannot go on is made anew, at most so often. */
    private static final long ANEW_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int MOST_DAMAGES = 50;

    private final KafkaSettings settings;
    private final Admin admin;
    private final TopicWatch watch;
    private final Map<String, KafkaPlace> places = new ConcurrentSkipListMap<>();
    private final Map<Executor, Settling> settlings = new ConcurrentHashMap<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private final Set<String> damages = new CopyOnWriteArraySet<>();
    private final long mostWaiting;
    private volatile KafkaProducer<byte[], byte[]> producer;
    private volatile long madeAt = System.nanoTime();
    private volatile boolean closed;

    private final Object taking = new Object();
    private long signals;
    private int turn;

    private KafkaJournal(KafkaSettings settings) {
        this.settings = settings;
        mostWaiting = settings.bufferBytes() * 3 / 4; // the producer's own buffer has overhead
        admin = Admin.create(settings.admin());
        watch = new TopicWatch(settings, admin, places::values);
        producer = newProducer();
    }

    /**
     * Opens the journal: the topic has been {@linkplain TopicCheck checked}.
     *
     * @throws JournalException when Kafka cannot be reached
     */
    public static KafkaJournal open(KafkaSettings settings) {
        KafkaJournal journal = new KafkaJournal(settings);
        try {
            journal.watch.start();
            journal.awaitPartitions(journal.producer);
            journal.watch
                    .groups()
                    .forEach((destination, saved) ->
                            journal.places.put(destination, new KafkaPlace(journal, settings, destination, saved)));
            return journal;
        } catch (RuntimeException e) {
            journal.close();
            throw e instanceof JournalException ? e : new JournalException(settings + " cannot be used: " + e, e);
        }
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A send never waits for them later. */
    private void awaitPartitions(KafkaProducer<byte[], byte[]> of) {
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            try {
                of.partitionsFor(settings.topic());
                return;
            } catch (KafkaException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new JournalUnavailableException("interrupted", e);
            }
        }
    }

    Admin admin() {
        return admin;
    }

    TopicWatch watch() {
        return watch;
    }

    void damaged(String what) {
        if (damages.size() < MOST_DAMAGES && damages.add(what)) {
            LOG.error("{}", what);
        }
    }

    // ---- Appending ------------------------------------------------------------------------------------------------

    @Override
    public CompletableFuture<Void> append(EventBatch batch, Executor settledOn) {
        if (closed) {
            throw new JournalUnavailableException(CLOSED);
        }
        if (batch.size() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        for (Event event : batch.events()) {
            if (event.json().length > settings.maxRecordBytes() - (16 << 10)) {
                throw new IllegalArgumentException("an event of " + event.json().length + " bytes is larger than the "
                        + (settings.maxRecordBytes() - (16 << 10)) + " that the journal takes");
            }
        }
        if (waitingBytes.addAndGet(batch.bytes()) > mostWaiting && waitingBytes.get() > batch.bytes()) {
            waitingBytes.addAndGet(-batch.bytes());
            throw new JournalFullException(waitingBytes.get() + " bytes wait for Kafka");
        }
        Append append = new Append(
                batch, settlings.computeIfAbsent(settledOn, on -> new Settling(on, settled::incrementAndGet)));
        KafkaProducer<byte[], byte[]> sender = producer;
        for (Event event : batch.events()) {
            byte[] key = EventFacts.owner(event).getBytes(UTF_8);
            try {
                var unused = sender.send(
                        new ProducerRecord<>(
                                settings.topic(), null, event.receivedAt().toEpochMilli(), key, event.json()),
                        append::ended);
            } catch (RuntimeException e) {
                append.ended(null, e);
            }
        }
        return append.done;
    }

    /** The events of one request on their way: told to its sender when all have arrived, or one has not. */
    private final class Append {
        private final EventBatch batch;
        private final Settling settling;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicInteger left;
        private final AtomicBoolean told = new AtomicBoolean();

        Append(EventBatch batch, Settling settling) {
            this.batch = batch;
            this.settling = settling;
            left = new AtomicInteger(batch.size());
        }

        /** On the producer's thread, or at once where it takes nothing. */
        void ended(@Nullable RecordMetadata where, @Nullable Exception why) {
            if (why == null && where != null) {
                watch.reached(where.partition(), where.offset() + 1);
            } else {
                failed(why == null ? new IllegalStateException("no answer") : why);
            }
            if (left.decrementAndGet() == 0) {
                waitingBytes.addAndGet(-batch.bytes());
                if (told.compareAndSet(false, true)) {
                    appended.addAndGet(batch.size());
                    writtenBytes.addAndGet(batch.bytes());
                    watch.appended(batch);
                    settling.add(() -> done.complete(null));
                }
            }
        }

        private void failed(Exception why) {
            if (isAtItsEnd(why)) {
                anew(why);
            }
            if (told.compareAndSet(false, true)) {
                // Without the cause: routes would look for what they know of it first, and this is what they know.
                settling.add(() -> done.completeExceptionally(
                        new JournalUnavailableException("Kafka has not taken the events: " + why.getMessage())));
            }
        }
    }

    /** Whether a producer that says so says so for ever. */
    private static boolean isAtItsEnd(Exception why) {
        return !(why instanceof RetriableException
                || why instanceof TopicAuthorizationException
                || why instanceof org.apache.kafka.common.errors.RecordTooLargeException);
    }

    private synchronized void anew(Exception why) {
        if (closed || System.nanoTime() - madeAt < ANEW_NANOS) {
            return;
        }
        LOG.warn("The connection to Kafka is made anew: {}", why.toString());
        KafkaProducer<byte[], byte[]> old = producer;
        madeAt = System.nanoTime();
        Thread made = new Thread(
                () -> {
                    try {
                        KafkaProducer<byte[], byte[]> fresh = newProducer();
                        awaitPartitions(fresh);
                        producer = fresh;
                        old.close(Duration.ZERO);
                    } catch (RuntimeException e) {
                        LOG.warn("Kafka cannot be reached: {}", e.toString());
                    }
                },
                "evefan-kafka-anew");
        made.setDaemon(true);
        made.start();
    }

    /** What has ended for the appends of one thread: it is woken once for all that end meanwhile. */
    private static final class Settling {
        private final Executor on;
        private final Runnable counted;
        private final ConcurrentLinkedQueue<Runnable> ended = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean woken = new AtomicBoolean();

        Settling(Executor on, Runnable counted) {
            this.on = on;
            this.counted = counted;
        }

        void add(Runnable end) {
            ended.add(end);
            if (woken.compareAndSet(false, true)) {
                counted.run();
                try {
                    on.execute(this::tell);
                } catch (RejectedExecutionException e) {
                    tell();
                }
            }
        }

        private void tell() {
            woken.set(false);
            for (Runnable next = ended.poll(); next != null; next = ended.poll()) {
                next.run();
            }
        }
    }

    // ---- Places ---------------------------------------------------------------------------------------------------

    @Override
    public Place place(String destination, Start start) {
        KafkaPlace place = places.computeIfAbsent(destination, name -> new KafkaPlace(this, settings, name, Map.of()));
        place.join(start);
        wakeTaker();
        return place;
    }

    @Override
    public Collection<Place> places() {
        return List.copyOf(places.values());
    }

    void forgotten(KafkaPlace place) {
        places.remove(place.destination(), place);
    }

    // ---- Handing out ----------------------------------------------------------------------------------------------

    @Override
    public @Nullable Handover take(long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            long seen;
            synchronized (taking) {
                seen = signals;
            }
            List<KafkaPlace> all = new ArrayList<>(places.values());
            for (int i = 0; i < all.size(); i++) {
                turn = (turn + 1) % all.size();
                Handover next = all.get(turn).hand();
                if (next != null) {
                    return next;
                }
            }
            synchronized (taking) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || closed) {
                    return null;
                }
                if (signals == seen) {
                    taking.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                }
            }
        }
    }

    void wakeTaker() {
        synchronized (taking) {
            signals++;
            taking.notifyAll();
        }
    }

    // ---- The rest -------------------------------------------------------------------------------------------------

    @Override
    public History history() {
        return new KafkaHistory(settings.topic());
    }

    @Override
    public JournalStatus status() {
        String unavailable = watch.unavailable();
        boolean full = waitingBytes.get() > mostWaiting;
        JournalStatus.State state = closed
                ? JournalStatus.State.CLOSED
                : unavailable != null
                        ? JournalStatus.State.UNAVAILABLE
                        : full ? JournalStatus.State.FULL : JournalStatus.State.OPEN;
        KafkaPlace furthest = null;
        long most = 0;
        long undelivered = 0;
        List<String> damage = new ArrayList<>(damages);
        for (KafkaPlace place : places.values()) {
            long behind = place.behindOfAll();
            undelivered = Math.max(undelivered, behind);
            if (behind > most) {
                most = behind;
                furthest = place;
            }
            damage.addAll(place.problems());
        }
        Instant oldest = watch.oldest();
        return new JournalStatus(
                state,
                unavailable != null ? unavailable : full ? waitingBytes.get() + " bytes wait for Kafka" : null,
                watch.kept(),
                watch.kept() * watch.averageBytes(),
                oldest,
                undelivered,
                watch.bytesOf(undelivered),
                furthest == null ? null : furthest.destination(),
                appended.get(),
                settled.get(),
                writtenBytes.get(),
                damage);
    }

    @Override
    public Map<String, Share> shares() {
        Map<String, Share> all = new ConcurrentSkipListMap<>();
        places.forEach((name, place) -> all.put(name, place.share()));
        return all;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        wakeTaker();
        places.values().forEach(KafkaPlace::leaving);
        places.values().forEach(KafkaPlace::leave);
        producer.close(CLOSE_TIMEOUT);
        watch.close();
        admin.close(Duration.ofSeconds(5));
    }

    /** For tests: ends as a killed process does, with nothing saved that was not saved. */
    void abandon() {
        places.values().forEach(KafkaPlace::abandon);
        close();
    }

    @Override
    public String toString() {
        return "journal in " + settings;
    }
}
