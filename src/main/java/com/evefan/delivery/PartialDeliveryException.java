package com.evefan.delivery;

import com.evefan.event.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A destination took part of a batch. Events that are in no list, and were not left out, are delivered.
 *
 * <p>With nothing to send again the batch is done apart from its dead letters; otherwise {@code again} is delivered
 * once more, alone, by the rules of the cause: at once where there is none, else like a batch that failed with it. Where
 * there are events for {@code later}, the cause is theirs, and {@code again} goes at once.
 */
public final class PartialDeliveryException extends Exception {
    private final transient List<Rejected> rejected;
    private final transient List<Event> again;
    private final transient List<Event> later;
    private final int leftOut;

    public PartialDeliveryException(List<Rejected> rejected, List<Event> again, @Nullable Throwable cause) {
        this(rejected, again, List.of(), 0, cause);
    }

    /**
     * @param again what is sent once more at once, where there are events for later
     * @param later what is sent once more when the destination's patience is over, which the cause tells
     * @param leftOut how many events the destination's own steps left out
     */
    public PartialDeliveryException(
            List<Rejected> rejected, List<Event> again, List<Event> later, int leftOut, @Nullable Throwable cause) {
        super(rejected.size() + " events rejected, " + (again.size() + later.size()) + " to send again", cause);
        this.rejected = List.copyOf(rejected);
        this.again = List.copyOf(again);
        this.later = List.copyOf(later);
        this.leftOut = leftOut;
    }

    /** The events that the destination will never take. */
    public List<Rejected> rejected() {
        return rejected;
    }

    /** The events that the destination has not taken yet. */
    public List<Event> again() {
        return again;
    }

    /** Those of them that it asked to be left alone with for a while, though it may take the others. */
    public List<Event> later() {
        return later;
    }

    int leftOut() {
        return leftOut;
    }

    /** Those of {@code events} that the destination has taken, by their ids: it may have marked the others. */
    List<Event> taken(List<Event> events) {
        Set<String> others = new HashSet<>();
        again.forEach(event -> others.add(event.id()));
        later.forEach(event -> others.add(event.id()));
        rejected.forEach(one -> others.add(one.event().id()));
        return events.stream().filter(event -> !others.contains(event.id())).toList();
    }
}
