package com.evefan.journal.kafka;

import com.evefan.event.Acknowledgement;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.journal.Handover;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's share of a destination's place: those partitions that the destination's group gives it. One thread polls,
 * whether events are wanted or not, so that the group counts this node in and its share moves on when others come and go.
 *
 * <p>Its own lock guards everything in it but the consumer, which belongs to the polling thread.
 */
final class KafkaPlace implements Place {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPlace.class);
    /** Of one hand-over, in bytes as accepted; an event that has more goes alone. */
    private static final long HANDOVER_BYTES = 2 << 20;

    private static final Duration POLL = Duration.ofMillis(200);
    /** While there is no room, which may change at any moment. */
    private static final Duration POLL_WITHOUT_ROOM = Duration.ofMillis(20);

    private static final long SAVE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long AGAIN_MILLIS = 1_000;
    /** How long a partition that goes elsewhere waits for what of it is in hand. */
    private static final Duration LET_GO_AFTER = Duration.ofSeconds(5);

    private static final Duration SAVE_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(20);
    private static final long JOIN_SECONDS = 30;
    private static final long LOOK_MILLIS = 100;
    private static final int PARTITION_BITS = 40;

    private final KafkaJournal journal;
    private final KafkaSettings settings;
    private final TopicWatch watch;
    private final String destination;
    private final String group;

    private final Map<Integer, Lane> lanes = new TreeMap<>();
    private final Deque<Fetched> ready = new ArrayDeque<>();
    /** What was counted of events that the place has not passed, in the order of counting. */
    private final Deque<Tally> counted = new ArrayDeque<>();

    private @Nullable Room room;
    private long readyBytes;
    private long handedEvents;
    private long handedBytes;
    private boolean removed;
    private boolean forgotten;
    /** The consumer has to go back to where the lanes stand. */
    private boolean rewind;
    /** It is not certain that the lanes are still this node's. */
    private boolean doubtful;
    /** Where a new group begins. */
    private Map<Integer, Long> starts = Map.of();

    private @Nullable String problem;
    private long wholeLag = -1;
    private List<String> members = List.of();

    private volatile long term = 1;
    private volatile long aliveAt = System.nanoTime();
    private volatile boolean silent;
    private volatile @Nullable Thread poller;
    private volatile boolean leaving;
    private volatile boolean abandoned;
    private volatile boolean saved = true;
    private long savedAt;

    /** @param known what is saved, by partition: it stands there until this node has a share of it */
    KafkaPlace(
            KafkaJournal journal, KafkaSettings settings, String destination, Map<Integer, OffsetAndMetadata> known) {
        this.journal = journal;
        this.settings = settings;
        this.destination = destination;
        watch = journal.watch();
        group = settings.groupPrefix() + destination;
        known.forEach((partition, offset) -> {
            Lane lane = new Lane(partition, offset.offset(), Saved.of(offset));
            lanes.put(partition, lane);
            removed |= lane.owedUntil != Saved.ALL;
        });
    }

    /** The events of one partition. */
    private static final class Lane {
        private final int partition;
        private final Deque<Piece> inHand = new ArrayDeque<>();
        private long position;
        /** Where the next fetched event is. */
        private long next;

        private Tally ended;
        private long lost;
        private long owedUntil;
        private boolean dirty;
        /** Why nothing of it is handed out. */
        private @Nullable String held;

        private long lookedAt = -1;
        private @Nullable Instant looked;

        Lane(int partition, long position, Saved saved) {
            this.partition = partition;
            this.position = position;
            next = position;
            ended = saved.ended();
            lost = saved.lost();
            owedUntil = saved.owedUntil();
        }

        OffsetAndMetadata toSave() {
            return new Saved(ended, lost, owedUntil).at(position);
        }

        long behind(TopicWatch watch) {
            return Math.max(0, Math.min(watch.end(partition), owedUntil) - position);
        }
    }

    /** What was handed out at once. */
    private static final class Chunk {
        private boolean done;
    }

    /** The part of a chunk that is of one partition. */
    private static final class Piece {
        private final Chunk chunk;
        private final Instant first;
        private long to;
        private long events;
        private long bytes;
        private long lost;

        Piece(Chunk chunk, Instant first) {
            this.chunk = chunk;
            this.first = first;
        }
    }

    /**
     * An event that was fetched and not handed out yet.
     *
     * @param event null where the record holds none
     * @param missing so many before it are not there
     */
    private record Fetched(Lane lane, long offset, @Nullable Event event, long missing, Instant at) {
        long bytes() {
            return event == null ? 0 : event.json().length;
        }
    }

    String group() {
        return group;
    }

    @Override
    public String destination() {
        return destination;
    }

    // ---- Coming and going -----------------------------------------------------------------------------------------

    /** Becomes a member of the group; a new group's place is durable when this returns. */
    void join(Start start) {
        synchronized (this) {
            checkThere();
            if (poller != null && starts.isEmpty()) {
                return;
            }
        }
        Map<Integer, OffsetAndMetadata> known = watch.saved(group);
        boolean whole = known.size() >= settings.partitions();
        synchronized (this) {
            if (!whole && starts.isEmpty()) {
                // Where some are known and some are not, the topic has grown: all of these are owed.
                starts = new HashMap<>(watch.offsets(known.isEmpty() ? start : Start.EARLIEST));
            }
            begin();
        }
        if (!whole) {
            awaitFirstSave();
        }
        synchronized (this) {
            starts = Map.of();
        }
    }

    private void checkThere() {
        if (forgotten) {
            throw new IllegalStateException("the place of " + destination + " is forgotten");
        }
    }

    private void begin() {
        removed = false;
        for (Lane lane : lanes.values()) {
            lane.owedUntil = Saved.ALL;
        }
        if (poller == null) {
            leaving = false;
            aliveAt = System.nanoTime();
            Thread made = new Thread(this::run, "evefan-kafka-" + destination);
            made.setDaemon(true);
            poller = made;
            made.start();
        }
    }

    private void awaitFirstSave() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(JOIN_SECONDS);
        while (watch.saved(group).size() < settings.partitions()) {
            if (System.nanoTime() > end) {
                String why = problem;
                throw new JournalUnavailableException("the group " + group + " could not be joined within "
                        + JOIN_SECONDS + " s" + (why == null ? "" : ": " + why));
            }
            pause(LOOK_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalUnavailableException("interrupted", e);
        }
    }

    void leaving() {
        leaving = true;
    }

    /** Saves, leaves the group and waits until that is done; false where it is not certain that all is saved. */
    boolean leave() {
        leaving = true;
        Thread running = poller;
        if (running == null) {
            return true;
        }
        try {
            running.join(LEAVE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean ended = !running.isAlive();
        if (ended) {
            poller = null;
        }
        return ended && saved;
    }

    void abandon() {
        abandoned = true;
        leave();
    }

    @Override
    public synchronized void open(Room newRoom) {
        checkThere();
        begin();
        room = newRoom;
    }

    @Override
    public synchronized void close() {
        room = null;
        clear();
    }

    /** What is fetched or in hand is so no more. */
    private void clear() {
        ready.clear();
        readyBytes = 0;
        counted.clear();
        handedEvents = 0;
        handedBytes = 0;
        for (Lane lane : lanes.values()) {
            lane.inHand.clear();
            lane.next = lane.position;
        }
        rewind = true;
        notifyAll();
    }

    @Override
    public void remove() {
        Map<Integer, Long> ends = watch.offsets(Start.END);
        synchronized (this) {
            close();
            removed = true;
            for (Lane lane : lanes.values()) {
                if (lane.owedUntil == Saved.ALL) {
                    lane.owedUntil = ends.getOrDefault(lane.partition, lane.position);
                    lane.dirty = true;
                }
            }
        }
        if (poller != null) {
            if (!leave()) {
                throw new JournalUnavailableException(
                        "the end of what " + destination + " is owed could not be saved in Kafka");
            }
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> all = toSave(lanes.keySet());
        if (!all.isEmpty()) {
            TopicWatch.answer(
                    journal.admin().alterConsumerGroupOffsets(group, all).all());
        }
    }

    @Override
    public void forget() {
        synchronized (this) {
            close();
            forgotten = true;
            lanes.clear();
        }
        leave();
        long end = System.nanoTime() + LET_GO_AFTER.toNanos();
        while (true) {
            try {
                TopicWatch.answer(
                        journal.admin().deleteConsumerGroups(List.of(group)).all());
                break;
            } catch (JournalUnavailableException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    break;
                }
                if (!(e.getCause() instanceof GroupNotEmptyException) || System.nanoTime() > end) {
                    throw e;
                }
            }
            pause(LOOK_MILLIS);
        }
        journal.forgotten(this);
    }

    // ---- Handing out, and what becomes of it ------------------------------------------------------------------------

    /** What is next; null when there is nothing, or no room. */
    @Nullable
    Handover hand() {
        List<Event> events = new ArrayList<>();
        long bytes = 0;
        Chunk chunk = new Chunk();
        synchronized (this) {
            Room within = room;
            if (within == null || rewind || handedEvents >= within.events() || handedBytes >= within.bytes()) {
                return null;
            }
            Map<Lane, Piece> pieces = new LinkedHashMap<>();
            for (Fetched next = ready.peek();
                    next != null
                            && events.size() < settings.handoverEvents()
                            && (events.isEmpty() || bytes + next.bytes() <= HANDOVER_BYTES);
                    next = ready.peek()) {
                Fetched taken = ready.remove();
                Piece piece = pieces.computeIfAbsent(taken.lane(), lane -> new Piece(chunk, taken.at()));
                piece.to = taken.offset() + 1;
                piece.lost += taken.missing();
                Event event = taken.event();
                if (event == null) {
                    piece.lost++;
                } else {
                    events.add(event);
                    piece.events++;
                    piece.bytes += event.json().length;
                    bytes += event.json().length;
                }
            }
            if (pieces.isEmpty()) {
                return null;
            }
            readyBytes -= bytes;
            handedEvents += events.size();
            handedBytes += bytes;
            pieces.forEach((lane, piece) -> lane.inHand.add(piece));
            if (events.isEmpty()) {
                done(chunk);
                return null;
            }
        }
        Acknowledgement done = name -> {
            if (name.equals(destination)) {
                done(chunk);
            }
        };
        return new Handover(new EventBatch(events, List.of(done), bytes), Set.of(destination));
    }

    private synchronized void done(Chunk chunk) {
        if (chunk.done) {
            return;
        }
        chunk.done = true;
        boolean moved = false;
        for (Lane lane : lanes.values()) {
            moved |= step(lane);
        }
        if (moved) {
            notifyAll();
            journal.wakeTaker();
        }
    }

    private boolean step(Lane lane) {
        boolean moved = false;
        for (Piece first = lane.inHand.peek(); first != null && first.chunk.done; first = lane.inHand.peek()) {
            lane.inHand.remove();
            lane.position = first.to;
            lane.lost += first.lost;
            handedEvents -= first.events;
            handedBytes -= first.bytes;
            end(lane, first.events);
            lane.dirty = true;
            moved = true;
        }
        return moved;
    }

    /** Takes {@code events} of what was counted into the lane's total; of what nobody counted nothing became. */
    private void end(Lane lane, long events) {
        long left = events;
        while (left > 0 && !counted.isEmpty()) {
            Tally first = counted.removeFirst();
            Tally part = part(first, left);
            if (part.sum() < first.sum()) {
                counted.addFirst(new Tally(
                        first.delivered() - part.delivered(),
                        first.rejected() - part.rejected(),
                        first.dead() - part.dead(),
                        first.leftOut() - part.leftOut()));
            }
            lane.ended = lane.ended.plus(part);
            left -= part.sum();
        }
        lane.ended = lane.ended.plus(new Tally(0, 0, 0, left));
    }

    /** At most {@code events} of {@code tally}. */
    private static Tally part(Tally tally, long events) {
        long delivered = Math.min(tally.delivered(), events);
        long rejected = Math.min(tally.rejected(), events - delivered);
        long dead = Math.min(tally.dead(), events - delivered - rejected);
        return new Tally(delivered, rejected, dead, Math.min(tally.leftOut(), events - delivered - rejected - dead));
    }

    @Override
    public synchronized void count(Tally more) {
        if (room != null) {
            long already = counted.stream().mapToLong(Tally::sum).sum();
            counted.add(part(more, handedEvents - already));
        }
    }

    // ---- The polling thread -----------------------------------------------------------------------------------------

    private void run() {
        while (!leaving) {
            KafkaConsumer<byte[], byte[]> consumer = null;
            try {
                consumer = new KafkaConsumer<>(
                        settings.member(group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                consumer.subscribe(List.of(settings.topic()), new Rebalances(consumer));
                while (!leaving) {
                    round(consumer);
                }
                save(consumer, null);
            } catch (RuntimeException e) {
                synchronized (this) {
                    problem = "cannot read from Kafka: " + e.getMessage();
                    lose();
                }
                LOG.warn("Destination {} cannot read from Kafka; trying again: {}", destination, e.toString());
            } finally {
                leave(consumer);
            }
            synchronized (this) {
                try {
                    if (!leaving) {
                        wait(AGAIN_MILLIS);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private void leave(@Nullable KafkaConsumer<byte[], byte[]> consumer) {
        try {
            if (consumer != null) {
                consumer.close(abandoned ? Duration.ZERO : SAVE_TIMEOUT);
            }
        } catch (RuntimeException e) {
            LOG.debug("{} was not left cleanly", group, e);
        }
    }

    private void round(KafkaConsumer<byte[], byte[]> consumer) {
        alive();
        if (silent) {
            synchronized (this) {
                LOG.warn(
                        "Destination {}: this node was silent for longer than its session; what was in hand is"
                                + " handed out again",
                        destination);
                lose();
                doubtful = true;
                silent = false;
            }
        }
        if (doubtful) {
            clearDoubt(consumer);
        }
        boolean wants;
        synchronized (this) {
            Set<TopicPartition> assigned = consumer.assignment();
            if (rewind) {
                for (Lane lane : lanes.values()) {
                    TopicPartition partition = watch.partition(lane.partition);
                    if (assigned.contains(partition)) {
                        consumer.seek(partition, lane.position);
                    }
                }
                rewind = false;
            }
            Room within = room;
            wants = within != null
                    && !doubtful
                    && handedEvents + ready.size() < within.events()
                    && handedBytes + readyBytes < within.bytes();
            flow(consumer, assigned, wants);
        }
        try {
            fetched(consumer.poll(wants || room == null ? POLL : POLL_WITHOUT_ROOM));
            problem = null;
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().keySet().forEach(partition -> outOfRange(consumer, partition));
        } catch (NoOffsetForPartitionException e) {
            takeUp(consumer, e.partitions());
        }
        saveIfDue(consumer);
    }

    /** That this thread still runs is what says that the node is alive. */
    private void alive() {
        long now = System.nanoTime();
        if (now - aliveAt > settings.sessionTimeout().toNanos()) {
            silent = true;
        }
        aliveAt = now;
    }

    /** What was handed out is not this place's any more: it has to be opened again. */
    private void lose() {
        clear();
        room = null;
        term++;
        journal.wakeTaker();
    }

    /** Saving what is saved already succeeds only where the lanes are still this node's. */
    private void clearDoubt(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> all;
        synchronized (this) {
            all = toSave(lanes.keySet());
        }
        try {
            if (!all.isEmpty()) {
                consumer.commitSync(all, SAVE_TIMEOUT);
            }
            doubtful = false;
        } catch (RuntimeException e) {
            LOG.debug("The group {} has to be joined again", group, e);
        }
    }

    private void flow(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> assigned, boolean wants) {
        Set<TopicPartition> flowing = new HashSet<>();
        for (TopicPartition partition : assigned) {
            Lane lane = lanes.get(partition.partition());
            if (wants && lane != null && lane.held == null) {
                flowing.add(partition);
            }
        }
        Set<TopicPartition> still = new HashSet<>(assigned);
        still.removeAll(flowing);
        still.removeAll(consumer.paused());
        consumer.pause(still);
        flowing.retainAll(consumer.paused());
        consumer.resume(flowing);
    }

    private void fetched(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        List<@Nullable Event> events = new ArrayList<>(records.count());
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Event event = decode(record);
            events.add(event);
            bytes += event == null ? 0 : event.json().length;
            watch.reached(record.partition(), record.offset() + 1);
        }
        watch.seen(records.count(), bytes);
        synchronized (this) {
            if (room == null || rewind || doubtful) {
                rewind = true; // fetched for nobody
                return;
            }
            int number = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Event event = events.get(number++);
                Lane lane = lanes.get(record.partition());
                if (lane == null || record.offset() < lane.next) {
                    continue;
                }
                Fetched next = new Fetched(
                        lane,
                        record.offset(),
                        event,
                        record.offset() - lane.next,
                        Instant.ofEpochMilli(record.timestamp()));
                lane.next = record.offset() + 1;
                ready.add(next);
                readyBytes += next.bytes();
            }
        }
        journal.wakeTaker();
    }

    private @Nullable Event decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            List<Event> events = record.value() == null ? List.of() : EventCodec.decode(record.value());
            if (events.size() == 1) {
                return events.get(0);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        journal.damaged("what stands in " + settings.topic() + " at offset " + record.offset() + " of partition "
                + record.partition() + " is no accepted event");
        return null;
    }

    /** Kafka has deleted what comes next; or there was once more than there is. */
    private void outOfRange(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        long begin = consumer.beginningOffsets(List.of(partition), SAVE_TIMEOUT).getOrDefault(partition, 0L);
        synchronized (this) {
            Lane lane = lanes.get(partition.partition());
            if (lane == null) {
                return;
            }
            if (lane.next < begin) {
                journal.damaged((begin - lane.next) + " events of partition " + lane.partition
                        + " were deleted by Kafka before " + destination + " had them");
                if (lane.inHand.isEmpty() && ready.stream().noneMatch(one -> one.lane() == lane)) {
                    lane.lost += begin - lane.position;
                    lane.position = begin;
                    lane.next = begin;
                    lane.dirty = true;
                }
                consumer.seek(partition, begin);
            } else {
                hold(
                        consumer,
                        lane,
                        begin,
                        "is behind the end of the partition: events were lost in Kafka, or the topic"
                                + " was made anew");
            }
        }
    }

    private void hold(KafkaConsumer<byte[], byte[]> consumer, Lane lane, long begin, String why) {
        lane.held = "the place of " + destination + " in partition " + lane.partition + " " + why
                + "; set the offset of group " + group + " and start the nodes again";
        LOG.error("{}", lane.held);
        consumer.seek(watch.partition(lane.partition), begin);
        consumer.pause(List.of(watch.partition(lane.partition)));
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Rebalances(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            takeUp(consumer, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            letGo(consumer, partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            synchronized (KafkaPlace.this) {
                lose();
                partitions.forEach(one -> lanes.remove(one.partition()));
                doubtful = false;
            }
        }
    }

    private void takeUp(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        alive();
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(new HashSet<>(partitions), SAVE_TIMEOUT);
        Set<Integer> fresh = new HashSet<>();
        synchronized (this) {
            lanes.keySet().removeIf(number -> !consumer.assignment().contains(watch.partition(number)));
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = known.get(partition);
                int number = partition.partition();
                Long start = starts.get(number);
                Lane lane;
                if (offset != null) {
                    lane = new Lane(number, offset.offset(), Saved.of(offset));
                    lane.owedUntil = Saved.ALL;
                    consumer.seek(partition, lane.position);
                } else if (start != null) {
                    lane = new Lane(number, start, Saved.NOTHING);
                    lane.dirty = true;
                    fresh.add(number);
                    consumer.seek(partition, lane.position);
                } else {
                    lane = new Lane(number, watch.begin(number), Saved.NOTHING);
                    hold(consumer, lane, watch.begin(number), "is not known to Kafka any more");
                }
                lanes.put(number, lane);
            }
        }
        save(consumer, fresh);
        alive();
    }

    private void letGo(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        alive();
        Set<Integer> numbers = new HashSet<>();
        partitions.forEach(one -> numbers.add(one.partition()));
        synchronized (this) {
            ready.removeIf(one -> numbers.contains(one.lane().partition));
            readyBytes = ready.stream().mapToLong(Fetched::bytes).sum();
            long end = System.nanoTime()
                    + Math.min(LET_GO_AFTER.toNanos(), settings.sessionTimeout().toNanos() / 2);
            while (!leaving && inHand(numbers) && end - System.nanoTime() > 0) {
                try {
                    wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        alive();
        save(consumer, numbers);
        synchronized (this) {
            if (inHand(numbers)) {
                lose();
            }
            if (!leaving) {
                lanes.keySet().removeAll(numbers);
            }
        }
        alive();
    }

    private boolean inHand(Set<Integer> partitions) {
        return partitions.stream().anyMatch(number -> {
            Lane lane = lanes.get(number);
            return lane != null && !lane.inHand.isEmpty();
        });
    }

    // ---- Saving -----------------------------------------------------------------------------------------------------

    private Map<TopicPartition, OffsetAndMetadata> toSave(Collection<Integer> partitions) {
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
        for (int number : partitions) {
            Lane lane = lanes.get(number);
            if (lane != null && lane.held == null) {
                all.put(watch.partition(number), lane.toSave());
            }
        }
        return all;
    }

    private synchronized Map<TopicPartition, OffsetAndMetadata> takeDirty(@Nullable Set<Integer> partitions) {
        List<Integer> dirty = lanes.values().stream()
                .filter(lane -> lane.dirty && (partitions == null || partitions.contains(lane.partition)))
                .map(lane -> lane.partition)
                .toList();
        Map<TopicPartition, OffsetAndMetadata> all = toSave(dirty);
        lanes.values().stream().filter(lane -> dirty.contains(lane.partition)).forEach(lane -> lane.dirty = false);
        return all;
    }

    private synchronized void dirtyAgain(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Lane lane = lanes.get(partition.partition());
            if (lane != null) {
                lane.dirty = true;
            }
        }
    }

    private void saveIfDue(KafkaConsumer<byte[], byte[]> consumer) {
        if (System.nanoTime() - savedAt < SAVE_EVERY_NANOS) {
            return;
        }
        savedAt = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> all = takeDirty(null);
        if (!all.isEmpty()) {
            consumer.commitAsync(all, (offsets, failure) -> {
                if (failure != null) {
                    dirtyAgain(all.keySet());
                }
            });
        }
    }

    /** What of {@code partitions}, or of all, is not saved yet. While partitions change hands this may fail, and is no failure. */
    private void save(KafkaConsumer<byte[], byte[]> consumer, @Nullable Set<Integer> partitions) {
        if (abandoned) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> all = takeDirty(partitions);
        saved = true;
        if (!all.isEmpty()) {
            try {
                consumer.commitSync(all, SAVE_TIMEOUT);
            } catch (RuntimeException e) {
                saved = false;
                dirtyAgain(all.keySet());
                LOG.debug("The place of {} is not saved", destination, e);
            }
        }
    }

    // ---- How it is doing --------------------------------------------------------------------------------------------

    @Override
    public long term() {
        boolean dead = poller != null
                && System.nanoTime() - aliveAt > settings.sessionTimeout().toNanos();
        return dead ? -1 : term;
    }

    @Override
    public Instant keptFrom() {
        return watch.keptFrom();
    }

    @Override
    public synchronized Status status() {
        Tally open = counted.stream().reduce(Tally.NOTHING, Tally::plus);
        Tally ended = open;
        long position = 0;
        long behind = 0;
        long lost = 0;
        Instant oldest = null;
        for (Lane lane : lanes.values()) {
            ended = ended.plus(lane.ended);
            position += lane.position;
            lost += lane.lost;
            long owed = lane.behind(watch);
            behind += owed;
            Instant first = owed == 0 ? null : first(lane);
            if (first != null && (oldest == null || first.isBefore(oldest))) {
                oldest = first;
            }
        }
        long pending = Math.max(0, behind - open.sum());
        return new Status(
                removed ? State.REMOVED : room != null ? State.OPEN : State.CLOSED,
                position,
                pending,
                pending == 0 ? 0 : watch.bytesOf(pending),
                Math.max(0, handedEvents - open.sum()),
                pending == 0 ? null : oldest,
                ended,
                lost);
    }

    /** When the first event behind the place was received, as far as it is known. */
    private @Nullable Instant first(Lane lane) {
        Piece piece = lane.inHand.peek();
        if (piece != null) {
            return piece.first;
        }
        for (Fetched one : ready) {
            if (one.lane() == lane) {
                return one.at();
            }
        }
        return lane.lookedAt == lane.position ? lane.looked : null;
    }

    synchronized Map<Integer, Long> unknownFirsts() {
        Map<Integer, Long> unknown = new HashMap<>();
        for (Lane lane : lanes.values()) {
            if (lane.behind(watch) > 0 && first(lane) == null) {
                unknown.put(lane.partition, Math.max(lane.position, watch.begin(lane.partition)));
            }
        }
        return unknown;
    }

    synchronized void lookedUp(Map<Integer, Instant> found) {
        found.forEach((number, at) -> {
            Lane lane = lanes.get(number);
            if (lane != null) {
                lane.lookedAt = lane.position;
                lane.looked = at;
            }
        });
    }

    /** What is saved of the whole place, and who has a share in it. */
    synchronized void whole(Map<Integer, OffsetAndMetadata> all, List<String> who) {
        long lag = 0;
        for (Map.Entry<Integer, OffsetAndMetadata> one : all.entrySet()) {
            long until = Saved.of(one.getValue()).owedUntil();
            lag += Math.max(
                    0, Math.min(watch.end(one.getKey()), until) - one.getValue().offset());
        }
        wholeLag = lag;
        members = who;
    }

    /** Events that the destination is owed by all nodes together. */
    synchronized long behindOfAll() {
        long own = 0;
        for (Lane lane : lanes.values()) {
            own += lane.behind(watch);
        }
        return lanes.size() == settings.partitions() ? own : Math.max(own, wholeLag);
    }

    synchronized List<String> problems() {
        List<String> all = new ArrayList<>();
        if (problem != null) {
            all.add(problem);
        }
        lanes.values().stream()
                .map(lane -> lane.held)
                .filter(held -> held != null)
                .forEach(all::add);
        return all;
    }

    synchronized Journal.Share share() {
        return new Journal.Share(behindOfAll(), members, List.copyOf(lanes.keySet()), problems());
    }

    /** The position of an event is its partition and offset in one number. */
    @Override
    public synchronized Standing standing(long asked) {
        Lane lane = lanes.get((int) (asked >>> PARTITION_BITS));
        long offset = asked & ((1L << PARTITION_BITS) - 1);
        if (lane == null) {
            return new Standing(Stage.WAITING, 0);
        }
        if (offset < lane.position) {
            return new Standing(Stage.PASSED, 0);
        }
        if (offset >= lane.owedUntil) {
            return new Standing(Stage.NOT_OWED, 0);
        }
        boolean inHand = !lane.inHand.isEmpty() && offset < lane.inHand.getLast().to;
        return new Standing(inHand ? Stage.IN_HAND : Stage.WAITING, offset - lane.position);
    }

    @Override
    public String toString() {
        return "place of " + destination + " in group " + group;
    }
}
