package com.evefan.artemis;

import com.evefan.event.Acknowledgement;
import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record that at least one destination owes. Holds its events only until they are handed over. */
final class PendingRecord implements Acknowledgement {
    private static final VarHandle OWED;
    private static final VarHandle UNWRITTEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWED = lookup.findVarHandle(PendingRecord.class, "owed", long.class);
            UNWRITTEN = lookup.findVarHandle(PendingRecord.class, "unwritten", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final InFlight inFlight;
    private final Destinations destinations;
    private final int events;
    private final long bytes;
    private final long receivedAt;
    private @Nullable RecordEncoding appended;
    private byte @Nullable [] lines;
    private long id;

    @SuppressWarnings("unused") // through OWED
    private volatile long owed;

    @SuppressWarnings("unused") // through UNWRITTEN
    private volatile boolean unwritten;

    /** Just appended. */
    PendingRecord(InFlight inFlight, Destinations destinations, RecordEncoding appended, long bytes) {
        this.inFlight = inFlight;
        this.destinations = destinations;
        this.events = appended.events().size();
        this.bytes = bytes;
        this.receivedAt = appended.events().get(0).receivedAt().toEpochMilli();
        this.appended = appended;
        this.owed = destinations.all();
    }

    /** Found at the start; {@code owed} says by whom it is still owed. */
    PendingRecord(InFlight inFlight, long id, RecordBody body, long owed) {
        this.inFlight = inFlight;
        this.id = id;
        this.destinations = body.destinations();
        this.events = body.events();
        this.bytes = (long) body.lines().length - body.events();
        this.receivedAt = body.receivedAt();
        this.lines = body.lines();
        this.owed = owed;
    }

    @Override
    public void acknowledge(String destination) {
        long bit = destinations.bit(destination);
        long before = (long) OWED.getAndBitwiseAnd(this, ~bit);
        if ((before & bit) != 0) {
            inFlight.acknowledged(this, destination, (before & ~bit) == 0);
        }
    }

    /** Whether an acknowledgement has to be written, and nobody has said so yet. */
    boolean markUnwritten() {
        return UNWRITTEN.compareAndSet(this, false, true);
    }

    /** Call before {@link #owed()} is read for writing: later acknowledgements ask anew. */
    void writing() {
        UNWRITTEN.setVolatile(this, false);
    }

    /** The events, as long as nobody has taken them; they are not kept in memory for it. */
    List<Event> peekEvents() {
        return appended != null ? appended.events() : EventCodec.decode(lines == null ? new byte[0] : lines);
    }

    /** The events, once. */
    List<Event> takeEvents() {
        List<Event> taken = peekEvents();
        appended = null;
        lines = null;
        return taken;
    }

    /** What to write of a record that was just appended. */
    RecordEncoding body() {
        return Objects.requireNonNull(appended, "the record has been handed over");
    }

    boolean goesWith(PendingRecord other) {
        return owed() == other.owed() && destinations.equals(other.destinations);
    }

    void numbered(long number) {
        id = number;
    }

    long id() {
        return id;
    }

    long owed() {
        return (long) OWED.getVolatile(this);
    }

    boolean partlyAcknowledged() {
        return owed() != destinations.all();
    }

    Destinations destinations() {
        return destinations;
    }

    int events() {
        return events;
    }

    long bytes() {
        return bytes;
    }

    long receivedAt() {
        return receivedAt;
    }
}
