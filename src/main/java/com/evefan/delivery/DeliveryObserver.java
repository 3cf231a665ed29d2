package com.evefan.delivery;

import com.evefan.event.Event;
import java.util.List;

/** Hears of every call to a destination; called on the destination's thread, so it has to be quick. */
public interface DeliveryObserver {
    /** Hears nothing. */
    DeliveryObserver NONE = new DeliveryObserver() {
        @Override
        public void called(String destination, int events, long nanos) {}

        @Override
        public void delivered(String destination, List<Event> events) {}
    };

    /** {@code destination} was sent {@code events} events at once, which took {@code nanos} nanoseconds, for good or ill. */
    void called(String destination, int events, long nanos);

    /** {@code destination} has taken {@code events} just now. */
    void delivered(String destination, List<Event> events);

    /** The call before has failed: {@code why}, as it is classified; also where some events were taken. */
    default void failed(String destination, Exception why) {}

    /** Tells {@code one}, then {@code other}. */
    static DeliveryObserver both(DeliveryObserver one, DeliveryObserver other) {
        return new DeliveryObserver() {
            @Override
            public void called(String destination, int events, long nanos) {
                one.called(destination, events, nanos);
                other.called(destination, events, nanos);
            }

            @Override
            public void delivered(String destination, List<Event> events) {
                one.delivered(destination, events);
                other.delivered(destination, events);
            }

            @Override
            public void failed(String destination, Exception why) {
                one.failed(destination, why);
                other.failed(destination, why);
            }
        };
    }
}
