package com.evefan.delivery;

import com.evefan.event.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A destination took part of a batch. Events that are in neither list are delivered.
 *
 * <p>With an empty {@code again} the batch is done apart from its dead letters; otherwise {@code again} is delivered
 * once more, alone, by the rules of the cause: at once where there is none, else like a batch that failed with it.
 */
public final class PartialDeliveryException extends Exception {
    private final transient List<Rejected> rejected;
    private final transient List<Event> again;

    public PartialDeliveryException(List<Rejected> rejected, List<Event> again, @Nullable Throwable cause) {
        super(rejected.size() + " events rejected, " + again.size() + " to send again", cause);
        this.rejected = List.copyOf(rejected);
        this.again = List.copyOf(again);
    }

    /** The events that the destination will never take. */
    public List<Rejected> rejected() {
        return rejected;
    }

    /** The events that the destination has not taken yet. */
    public List<Event> again() {
        return again;
    }

    /** Those of {@code events} that the destination has taken. */
    List<Event> taken(List<Event> events) {
        Set<Event> others = Collections.newSetFromMap(new IdentityHashMap<>());
        others.addAll(again);
        for (Rejected one : rejected) {
            others.add(one.event());
        }
        List<Event> taken = new ArrayList<>(events);
        taken.removeIf(others::contains);
        return taken;
    }
}
