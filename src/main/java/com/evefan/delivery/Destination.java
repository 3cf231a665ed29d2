package com.evefan.delivery;

import com.evefan.counters.DestinationCounters;
import com.evefan.counters.Ledger;
import com.evefan.counters.Outage;
import com.evefan.counters.SafeText;
import com.evefan.event.Consent;
import com.evefan.journal.JournalUnavailableException;
import com.evefan.journal.Place;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Place.Tally;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one destination, in one place: where it stands in the journal, whether it is handed events, how it fails
 * and when it is tried next. Thread-safe.
 *
 * <p>Each time its place is opened a new <em>turn</em> begins. A batch belongs to the turn in which it was handed out; one
 * of an earlier turn is dropped, for the place hands its events out again. So stopping, editing and removing a destination
 * is nothing but closing its place, once the attempt under way has ended.
 */
public final class Destination {
    private static final Logger LOG = LoggerFactory.getLogger(Destination.class);
    private static final double JITTER = 0.1;
    private static final long FIRST_SET_BACK_MS = 100;
    private static final long LONGEST_SET_BACK_MS = 30_000;
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_ERRORS = 50;
    private static final long NANOS_PER_MS = 1_000_000;

    /** How a destination is doing. */
    public enum Status {
        /** It takes what it is sent. */
        UP,
        /** It fails, and is tried again. */
        RETRYING,
        /** It fails until an operator has set it right. */
        SET_UP_ERROR,
        /** It answers, and refuses most of what it is sent. */
        REJECTING,
        /** An operator has paused it; its events wait. */
        PAUSED,
        /** Its route is stopped, and its events wait; or it is switched off, and is owed none. */
        DISABLED,
        /** Its file is gone. What it was owed until then waits until it is back, or forgotten. */
        REMOVED;

        /** As it stands in JSON. */
        public String wireName() {
            return this == SET_UP_ERROR ? "set-up error" : name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is known of its route. */
    private enum Route {
        RUNS,
        STOPPED,
        SWITCHED_OFF,
        GONE
    }

    private final String name;
    private final Ledger ledger;
    private final RetrySettings retry;
    private final Clock clock;
    private final LongSupplier nanos;
    private volatile @Nullable Place place;
    private volatile Consent consent = Consent.NOT_NEEDED;
    private @Nullable Room room;
    private Route route = Route.STOPPED;
    private boolean held;
    private boolean stopping;
    private volatile boolean open;
    private boolean delivering;
    private long turn;
    private long term;
    private int failures;
    private int setBacks;
    private boolean announced;
    private @Nullable String blocked;
    private @Nullable String lost;
    private final LastEnds lastEnds = new LastEnds();
    private final Set<String> toldErrors = new HashSet<>();
    private @Nullable String lastRefusal;
    private boolean tellsRejecting;
    private long nextAttempt;
    private long nextOpening;
    private int parallel = 1;
    private Attempt.Most call = Attempt.Most.ANY;
    private long quietMillis = Long.MAX_VALUE;
    private long lastBatch;
    private int batches; // of this turn

    Destination(String name, Ledger ledger, RetrySettings retry, Clock clock, LongSupplier nanos) {
        this.name = name;
        this.ledger = ledger;
        this.retry = retry;
        this.clock = clock;
        this.nanos = nanos;
        nextAttempt = nanos.getAsLong();
        nextOpening = nextAttempt;
    }

    public String name() {
        return name;
    }

    // ---- Whether it is handed events ------------------------------------------------------------------------------

    /** It takes no event of a person who refuses this. */
    void needs(Consent needed) {
        consent = needed;
    }

    /** What the events that reach it have to give. */
    public Consent consent() {
        return consent;
    }

    /** Where it stands, while Evefan starts: it is handed events once it has {@link #started}. */
    synchronized void at(Place known) {
        place = known;
    }

    /** Its route runs. */
    synchronized void started(Place at, BatchSettings settings) {
        place = at;
        room = settings.room();
        parallel = settings.parallel();
        call = settings.call();
        quietMillis = settings.quietMillis();
        lastBatch =
                nanos.getAsLong() - Duration.ofMillis(settings.maxAgeMillis()).toNanos();
        route = Route.RUNS;
        retryNow();
    }

    /** Its route does not run; it is owed everything. */
    synchronized void stopped() {
        if (route == Route.RUNS) {
            route = Route.STOPPED;
            apply();
        }
    }

    /** Its settings switch it off: it is owed nothing new. */
    synchronized void switchedOff(@Nullable Place at) {
        place = at == null ? place : at;
        route = Route.SWITCHED_OFF;
        apply();
    }

    /** Its file is gone: it is owed what was accepted until now. */
    synchronized void removed(@Nullable Place at) {
        place = at == null ? place : at;
        route = Route.GONE;
        apply();
    }

    /** Gives up what it was owed; false where it is owed more, being neither removed nor switched off. */
    synchronized boolean forget() {
        Place at = place;
        if (isOwed() || open) {
            return false;
        }
        if (at != null) {
            at.forget();
        }
        place = null;
        return true;
    }

    /** An operator wants it to wait. */
    public synchronized void pause() {
        ledger.paused(true);
        apply();
    }

    /** And to go on. */
    public synchronized void resume() {
        ledger.paused(false);
        retryNow();
    }

    /** Its routes are about to be exchanged; ended by {@link #release}. */
    public synchronized void hold() {
        held = true;
        apply();
    }

    /** Waits until the attempt under way has ended; false when that takes too long. */
    public synchronized boolean awaitRest(Duration atMost) throws InterruptedException {
        long deadline = nanos.getAsLong() + atMost.toNanos();
        while (delivering) {
            long left = deadline - nanos.getAsLong();
            if (left <= 0) {
                return false;
            }
            sleep(left);
        }
        return true;
    }

    public synchronized void release() {
        held = false;
        retryNow();
    }

    /** Evefan stops: nothing waits any more, what can be delivered at once is. */
    synchronized void stopping() {
        stopping = true;
        apply();
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** What may be handed out to it at once; null before it has run. */
    public synchronized @Nullable Room room() {
        return room;
    }

    /** Whether it is owed what is accepted from now on. */
    public synchronized boolean isOwed() {
        return route == Route.RUNS || route == Route.STOPPED;
    }

    private boolean wanted() {
        return route == Route.RUNS && !held && !ledger.isPaused();
    }

    /** Closes the place when it is to be closed, but not under an attempt: what that delivers has to count. */
    private void apply() {
        Place at = place;
        notifyAll();
        if (at != null && !delivering && !wanted()) {
            boolean wasOpen = open;
            open = false;
            if (route == Route.GONE || route == Route.SWITCHED_OFF) {
                if (wasOpen || at.status().state() != Place.State.REMOVED) {
                    remove(at);
                }
            } else if (wasOpen) {
                at.close();
            }
        }
    }

    private void remove(Place at) {
        try {
            if (route == Route.SWITCHED_OFF) {
                at.switchOff();
            } else {
                at.remove();
            }
        } catch (JournalUnavailableException e) { // it is removed, and saved with the next step of any place
            LOG.warn("The end of what {} is owed is not saved yet: {}", name, e.getMessage());
        }
    }

    /**
     * Opens the place when it is to be open. On the thread that takes from the journal, between two hand-overs: what was
     * handed out before can then not be taken for a part of the new turn.
     */
    void openIfDue() {
        Place at = place;
        if (!open || (at != null && isOver(at))) {
            open();
        }
    }

    /** Whether another node has what was handed out since the place was opened. */
    private boolean isOver(Place at) {
        return at.term() != term;
    }

    private synchronized void open() {
        Place at = place;
        Room within = room;
        boolean first = !ledger.hasOldQueue();
        // A stop right after the start still delivers what has come; one during a pause of the place does not wait for
        // it.
        boolean mayOpen = !stopping || turn == 0;
        if (at != null && open && isOver(at) && !delivering) {
            at.close();
            open = false;
        }
        if (at != null
                && !open
                && at.term() >= 0
                && within != null
                && first
                && wanted()
                && mayOpen
                && nanos.getAsLong() - nextOpening >= 0) {
            turn++;
            batches = 0; // one that was lost on its way has not ended, and never will
            term = at.term();
            at.open(within);
            open = true;
        }
    }

    /** The turn that what is handed out now belongs to. */
    synchronized long turn() {
        return turn;
    }

    /** Over how many lanes a batch is delivered. */
    synchronized int parallel() {
        return parallel;
    }

    /** What one call may have. */
    synchronized Attempt.Most call() {
        return call;
    }

    /** A batch is complete, and will be its turn once those before it have ended. */
    synchronized void batched(long ofTurn) {
        lastBatch = nanos.getAsLong();
        if (turn == ofTurn) {
            batches++;
        }
    }

    /** Whether it has nothing to do and had nothing for a while: what comes then need not wait for more. */
    synchronized boolean isQuiet() {
        return batches == 0 && !delivering && (nanos.getAsLong() - lastBatch) / NANOS_PER_MS >= quietMillis;
    }

    /** What was handed out is lost on its way: it is handed out again, after a moment. */
    synchronized void setBack(Throwable why) {
        if (!open) {
            return;
        }
        LOG.warn("What was on its way to {} is handed out again: {}", name, String.valueOf(why), why);
        long pause = Math.min(LONGEST_SET_BACK_MS, FIRST_SET_BACK_MS << Math.min(setBacks, MOST_DOUBLINGS));
        setBacks++;
        lost = "cannot be handed events: "
                + SafeText.of(why.getMessage(), why.getClass().getSimpleName());
        nextOpening = nanos.getAsLong() + Duration.ofMillis(pause).toNanos();
        Place at = place;
        if (at != null) {
            at.close();
        }
        open = false;
        delivering = false;
        apply();
    }

    // ---- Attempts, on the destination's own thread ----------------------------------------------------------------

    /**
     * Waits until the next attempt is due; then one is under way, until {@link #end} or the next call.
     *
     * @param ofTurn the turn of the batch
     * @param oldest when the batch's oldest event was received
     * @return false when there is to be none: the batch's turn is over, or Evefan stops
     */
    synchronized boolean awaitTurn(long ofTurn, Instant oldest) throws InterruptedException {
        return awaitTurn(() -> open && turn == ofTurn && wanted() && !isOver(Objects.requireNonNull(place)), oldest);
    }

    /** The same for work that is no batch; ended by {@link #rest}. */
    synchronized boolean awaitTurn() throws InterruptedException {
        return awaitTurn(this::wanted, Instant.MAX);
    }

    private boolean awaitTurn(BooleanSupplier goOn, Instant oldest) throws InterruptedException {
        delivering = false;
        apply();
        while (goOn.getAsBoolean()) {
            long left = nextAttempt - nanos.getAsLong();
            if (left <= 0 || (isGivenUp() && isTooOld(oldest)) || (isFailing() && isVanishing(oldest))) {
                delivering = true;
                return true;
            }
            if (stopping) {
                return false;
            }
            sleep(left);
        }
        return false;
    }

    /** Work that is no batch has come to its end. */
    synchronized void rest() {
        delivering = false;
        apply();
    }

    /** A batch has come to its end: done, or dropped. */
    synchronized void end(long ofTurn, boolean done, @Nullable Throwable why) {
        if (turn == ofTurn) {
            batches--;
        }
        if (!open || turn != ofTurn) {
            return;
        }
        delivering = false;
        if (done) {
            setBacks = 0;
            lost = null;
        } else if (wanted() && !stopping && !isOver(Objects.requireNonNull(place))) {
            setBack(why == null ? new IllegalStateException("its batch ended early") : why);
        }
        apply();
    }

    /** An attempt failed. */
    synchronized void failed(Exception failure) {
        boolean setUp = failure instanceof SetUpException;
        String reason = Failures.reason(failure);
        ledger.failed(reason, SafeText.whole(failure.getMessage(), reason), setUp);
        Duration asked = Failures.retryAfter(failure);
        leaveAlone(setUp, asked);
        if (!announced && (setUp || failures > retry.shortAttempts() || !asked.isZero())) {
            announced = true;
            LOG.warn(
                    "Destination {} fails; its events wait until it works again: {}",
                    name,
                    SafeText.of(firstLine(failure.getMessage()), reason));
        }
    }

    /** Events that it rejected cannot be kept as dead letters; they and what is behind them wait. */
    synchronized void notKept(int events, Throwable why) {
        Throwable root = why;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = SafeText.of(root.getMessage(), root.getClass().getSimpleName());
        if (blocked == null) {
            LOG.warn("{} events that {} rejected cannot be kept as dead letters yet: {}", events, name, message);
        }
        blocked = events + " rejected events wait for the broker: " + message;
        leaveAlone(false, Duration.ZERO);
    }

    private void leaveAlone(boolean setUp, Duration atLeast) {
        failures++;
        Duration delay = setUp ? retry.longDelay(failures) : retry.delayAfter(failures);
        double jittered = delay.toNanos() * (1 + ThreadLocalRandom.current().nextDouble(JITTER));
        nextAttempt = nanos.getAsLong() + Math.max((long) jittered, atLeast.toNanos());
    }

    /** So it has answered an attempt: events that it took, and others that it will never take. */
    synchronized void answered(int taken, List<Rejected> refused) {
        lastEnds.add(taken, refused.size());
        if (!refused.isEmpty()) {
            lastRefusal = words(refused.get(refused.size() - 1));
        }
        if (lastEnds.areMostRefused() && !tellsRejecting) {
            tellsRejecting = true;
            LOG.warn("Destination {} has refused {}, the last with {}", name, lastEnds, lastRefusal);
        } else if (tellsRejecting && lastEnds.areMostTaken()) {
            tellsRejecting = false;
            LOG.info("Destination {} takes most of what it is sent again: it has refused {}", name, lastEnds);
        }
    }

    /** An event has become a dead letter. The first of each error since the start is told. */
    synchronized void buried(Rejected one) {
        if (toldErrors.size() < MOST_ERRORS && toldErrors.add(one.error())) {
            LOG.warn(
                    "Destination {} has its first dead letter for {}; show them: dead-letters show {} --error '{}'",
                    name,
                    words(one),
                    name,
                    one.error());
        }
    }

    /** For the log: without what the other side adds on further lines, and without values of events. */
    private static String words(Rejected one) {
        return one.error() + " (" + SafeText.of(SafeText.withoutValues(one.reason()), one.error()) + ")";
    }

    /** Those behind it quote what the other side answered, which may repeat an event. */
    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    /** It has answered as it should. */
    synchronized void worked() {
        ledger.worked().ifPresent(this::tellEnd);
        failures = 0;
        nextAttempt = nanos.getAsLong();
    }

    /**
     * It was asked at the start whether its set-up is good. That is no attempt: the first one waits for nothing, and what
     * an attempt has found out since the start holds.
     *
     * @param wrong what an operator has to mend; null where nothing is wrong
     */
    public synchronized void checked(@Nullable SetUpException wrong) {
        if (wrong != null) {
            String message = SafeText.of(wrong.getMessage(), "set-up error");
            ledger.failed(Failures.reason(wrong), SafeText.whole(wrong.getMessage(), "set-up error"), true);
            announced = true;
            LOG.warn("Destination {} will take no events: {}", name, message);
        } else if (failures == 0 && ledger.outage().filter(Outage::setUp).isPresent()) {
            worked();
        }
    }

    /** What it rejected is kept. */
    synchronized void kept() {
        if (blocked != null) {
            blocked = null;
            if (ledger.outage().isEmpty()) {
                failures = 0;
                nextAttempt = nanos.getAsLong();
            }
        }
    }

    private void tellEnd(Outage outage) {
        if (announced) {
            announced = false;
            Duration time = Duration.between(outage.since(), clock.instant()).truncatedTo(ChronoUnit.SECONDS);
            LOG.info(
                    "Destination {} works again after {} and {} failed attempts; {} events wait for it",
                    name,
                    time.toString().substring(2).toLowerCase(Locale.ROOT),
                    outage.attempts(),
                    place().pending());
        }
    }

    /** The next attempt is made at once: an operator has mended what was wrong. */
    public synchronized void retryNow() {
        failures = 0;
        lastEnds.forget();
        tellsRejecting = false;
        nextAttempt = nanos.getAsLong();
        nextOpening = nextAttempt;
        apply();
    }

    /** Whether an attempt is under way. */
    synchronized boolean isTrying() {
        return delivering;
    }

    /** Whether an event is older than what fails may become. */
    boolean isTooOld(Instant receivedAt) {
        return receivedAt.isBefore(clock.instant().minus(retry.maxAge()));
    }

    /** Whether it has failed for so long that what is too old needs no attempt of its own, until the next one is due. */
    synchronized boolean isGivenUp() {
        Optional<Outage> outage = ledger.outage();
        return outage.isPresent()
                && !outage.get().setUp()
                && isTooOld(outage.get().since())
                && nextAttempt - nanos.getAsLong() > 0;
    }

    /** Whether the journal is about to delete an event, delivered or not. */
    boolean isVanishing(Instant receivedAt) {
        Place at = place;
        return at != null && receivedAt.isBefore(at.keptFrom());
    }

    /** Whether its next attempt is not due yet. */
    synchronized boolean isFailing() {
        return ledger.outage().isPresent() && nextAttempt - nanos.getAsLong() > 0;
    }

    /** Why it fails, once more. */
    Exception outage() {
        String message = ledger.outage().map(Outage::message).orElse("it fails");
        boolean setUp = ledger.outage().filter(Outage::setUp).isPresent();
        return setUp ? new SetUpException(message, null) : new RetryableException(message, null);
    }

    Duration maxAge() {
        return retry.maxAge();
    }

    private void sleep(long forNanos) throws InterruptedException {
        wait(Math.max(1, Math.min(1_000, forNanos / 1_000_000)));
    }

    // ---- What is known of it ----------------------------------------------------------------------------------------

    /** Counts what became of events. */
    public void count(Tally more) {
        Place at = place;
        if (at != null) {
            at.count(more);
        }
    }

    /** What is counted beside its place. */
    public Ledger ledger() {
        return ledger;
    }

    private Place.Status place() {
        Place at = place;
        return at == null ? DestinationCounters.NO_PLACE : at.status();
    }

    /** Not under the lock of the state: the journal may have to read for it. */
    public DestinationCounters counters() {
        return new DestinationCounters(place(), ledger.snapshot());
    }

    public synchronized Status status() {
        return switch (route) {
            case GONE -> Status.REMOVED;
            case SWITCHED_OFF -> Status.DISABLED;
            case STOPPED -> held ? working() : Status.DISABLED;
            case RUNS -> working();
        };
    }

    private Status working() {
        if (ledger.isPaused()) {
            return Status.PAUSED;
        }
        Optional<Outage> outage = ledger.outage();
        if (outage.isPresent()) {
            return outage.get().setUp() ? Status.SET_UP_ERROR : Status.RETRYING;
        }
        if (blocked != null || lost != null) {
            return Status.RETRYING;
        }
        return lastEnds.areMostRefused() ? Status.REJECTING : Status.UP;
    }

    /** What is wrong and what happens next; empty when nothing is. */
    public String message() {
        return message(place().pending());
    }

    private synchronized String message(long pending) {
        Status status = status();
        if (status == Status.REMOVED) {
            return "its file is gone; " + pending + " events wait until it is back, or until an operator forgets it";
        }
        if (status == Status.PAUSED || (status == Status.DISABLED && pending > 0)) {
            return (status == Status.PAUSED ? "paused by an operator" : "its route is not running")
                    + (pending > 0 ? "; its events wait" : "");
        }
        if (status == Status.REJECTING) {
            return "has refused " + lastEnds + ", the last with " + lastRefusal + "; they are dead letters";
        }
        String failure = ledger.outage().map(Outage::message).orElse(blocked);
        if (status == Status.UP || failure == null) {
            return status == Status.UP || lost == null ? "" : lost;
        }
        Duration wait = untilNextAttempt();
        String when = wait.isZero() ? "now" : "in " + (wait.toSeconds() + 1) + " s";
        boolean owes = pending > 0 || blocked != null || ledger.hasOldQueue();
        String next = "; next attempt " + (owes ? when : "with the next event");
        int others = failure.indexOf('\n'); // what the other side said comes last
        return others < 0 ? failure + next : failure.substring(0, others) + next + failure.substring(others);
    }

    /** How long until the next attempt. */
    public synchronized Duration untilNextAttempt() {
        return Duration.ofNanos(Math.max(0, nextAttempt - nanos.getAsLong()));
    }

    @Override
    public String toString() {
        return name + " (" + status().wireName() + ")";
    }
}
