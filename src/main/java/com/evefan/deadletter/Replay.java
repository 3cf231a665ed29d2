package com.evefan.deadletter;

import com.evefan.counters.Counters;
import com.evefan.counters.Ledger;
import com.evefan.counters.SafeText;
import com.evefan.delivery.Attempt;
import com.evefan.delivery.Deliveries;
import com.evefan.delivery.Destinations;
import com.evefan.delivery.Rejected;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.journal.Place.Tally;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers dead letters once more: on the thread of their destination, between two of its batches, as it delivers everything
 * else. What is rejected again is a dead letter again. The first failure that is nobody's fault ends the replay; what is not
 * delivered then stays where it is.
 */
final class Replay implements DeadLetterScan.Use {
    private static final long ASK_EVERY_MS = 200;

    private final String destination;
    private final Destinations destinations;
    private final Deliveries deliveries;
    private final Counters counters;
    private final Clock clock;
    private final BooleanSupplier running;
    private final @Nullable Event instead;
    private volatile String rejection = "";
    private volatile Progress progress = new Progress(0, 0, 0, null);
    private Progress step = progress;
    private List<DeadLetter> used = List.of();
    private long leftOut;

    /** @param instead what is sent in place of the event of the one letter that is meant; null for what stands in letters */
    Replay(
            String destination,
            Destinations destinations,
            Deliveries deliveries,
            Counters counters,
            Clock clock,
            BooleanSupplier running,
            @Nullable Event instead) {
        this.destination = destination;
        this.instead = instead;
        this.destinations = destinations;
        this.deliveries = deliveries;
        this.counters = counters;
        this.clock = clock;
        this.running = running;
    }

    /**
     * How far it is.
     *
     * @param delivered taken by the destination
     * @param rejected rejected once more
     * @param unreadable letters without an event that can be read: they stay where they are
     * @param failure why it has ended early; null when it has not
     */
    record Progress(
            long delivered,
            long rejected,
            long unreadable,
            @Nullable String failure) {
        Progress plus(long moreDelivered, long moreRejected, long moreUnreadable, @Nullable String failed) {
            return new Progress(
                    delivered + moreDelivered, rejected + moreRejected, unreadable + moreUnreadable, failed);
        }
    }

    Progress progress() {
        return progress;
    }

    /** Why what was sent in place of an event was rejected; empty where it was not. */
    String rejection() {
        return rejection;
    }

    /** It could not go on, for a reason that is not the destination's. */
    void failed(String why) {
        progress = progress.plus(0, 0, 0, why);
    }

    @Override
    public boolean goOn() {
        return running.getAsBoolean();
    }

    @Override
    public DeadLetterScan.Used use(List<DeadLetter> letters) throws InterruptedException {
        // By place: two letters may hold the same event.
        List<@Nullable Event> events = new ArrayList<>();
        List<Event> readable = new ArrayList<>();
        for (DeadLetter letter : letters) {
            Event event = read(letter);
            events.add(event);
            if (event != null) {
                readable.add(event);
            }
        }
        String failure = null;
        leftOut = 0;
        Set<Event> left = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Event, Rejected> rejected = new IdentityHashMap<>();
        if (!readable.isEmpty()) {
            Attempt attempt = attempt(EventBatch.of(readable));
            if (attempt == null) {
                left.addAll(readable);
                failure = "the destination or Evefan is stopping";
            } else {
                left.addAll(attempt.remaining());
                attempt.rejected().forEach(one -> rejected.put(one.event(), one));
                failure = attempt.failure() == null ? null : words(attempt.failure());
                leftOut = attempt.leftOut();
            }
        }
        int count = 0;
        while (count < letters.size() && !left.contains(events.get(count))) {
            count++;
        }
        List<DeadLetter> kept = new ArrayList<>();
        List<DeadLetter> again = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event event = events.get(i);
            Rejected once = event == null ? null : rejected.get(event);
            if (event == null) {
                kept.add(letters.get(i));
            } else if (once != null && instead != null) {
                rejection = once.error() + ": " + once.reason();
                kept.add(letters.get(i)); // as it was: what an operator made of it is not what was accepted
            } else if (once != null) {
                again.add(again(letters.get(i), once));
            }
        }
        used = letters.subList(0, count);
        int delivered = count - kept.size() - again.size();
        leftOut = Math.min(leftOut, delivered);
        step = progress.plus(delivered, again.size(), kept.size(), failure);
        return new DeadLetterScan.Used(count, kept, again);
    }

    private @Nullable Event read(DeadLetter letter) {
        try {
            Event event = letter.event();
            return instead == null ? event : instead;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String words(Exception failure) {
        return SafeText.of(failure.getMessage(), failure.getClass().getSimpleName());
    }

    /** Null when the destination or Evefan stops before it is this batch's turn. */
    private @Nullable Attempt attempt(EventBatch batch) throws InterruptedException {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<@Nullable Attempt> attempt = destinations.between(
                destination,
                () -> begun.compareAndSet(false, true) && destinations.awaitTurn(destination)
                        ? deliveries.attempt(batch, destination)
                        : null);
        while (true) {
            try {
                return attempt.get(ASK_EVERY_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It may wait behind a batch that fails for as long as that fails.
                if (!running.getAsBoolean() && begun.compareAndSet(false, true)) {
                    return null;
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception failure) {
                    return new Attempt(batch, List.of(), batch.events(), failure);
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private DeadLetter again(DeadLetter letter, Rejected rejected) {
        Instant now = clock.instant();
        return DeadLetter.of(new Envelope(
                        destination,
                        rejected.reason(),
                        rejected.error(),
                        letter.attempts() + 1,
                        letter.firstFailure(),
                        now,
                        rejected.event().json())
                .toJson());
    }

    @Override
    public void committed(DeadLetterScan.Used all) {
        long dead = 0;
        for (DeadLetter letter : used) {
            if (!all.kept().contains(letter)) {
                dead += letter.error().equals(Rejected.EXPIRED) ? 1 : 0;
            }
        }
        long count = all.count() - all.kept().size();
        long again = all.again().size();
        Ledger ledger = counters.of(destination);
        ledger.ended(new Tally(count - again - leftOut, again - (count - dead), -dead, leftOut));
        // The letters are out of the queue for good: a kill must not count them in it.
        counters.save();
        progress = step;
    }
}
