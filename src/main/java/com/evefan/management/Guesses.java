package com.evefan.management;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wrong tokens, by address: ten are free, then one a second is looked at, and what comes in between is refused unseen. Said
 * in the log, at most once a minute for an address.
 */
final class Guesses {
    private static final Logger LOG = LoggerFactory.getLogger(Guesses.class);
    private static final int FREE = 10;
    private static final int MOST_ADDRESSES = 1_000;
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    /** The one that has guessed longest ago first; who is forgotten starts anew, with little to win. */
    private final Map<String, State> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    Guesses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static final class State {
        /** Of the free ones: how many are used. One comes back every second. */
        int used;

        long usedAt;
        int sinceLogged;
        long loggedAt;
    }

    /** Whether a token from {@code address} is looked at now. */
    synchronized boolean mayTry(String address) {
        State state = addresses.get(network(address));
        if (state == null) {
            return true;
        }
        giveBack(state);
        return state.used < FREE;
    }

    /** A wrong one came from {@code address}. */
    synchronized void wrong(String address) {
        long now = nanoTime.getAsLong();
        State state = addresses.computeIfAbsent(network(address), unknown -> {
            State first = new State();
            first.usedAt = now;
            first.loggedAt = now - LOG_NANOS;
            return first;
        });
        giveBack(state);
        state.used = Math.min(FREE, state.used + 1);
        state.sinceLogged++;
        if (now - state.loggedAt >= LOG_NANOS) {
            LOG.warn(
                    "Wrong token on the management port from {}, {} since the last such line",
                    address,
                    state.sinceLogged);
            state.loggedAt = now;
            state.sinceLogged = 0;
        }
    }

    private void giveBack(State state) {
        long back = (nanoTime.getAsLong() - state.usedAt) / EVERY_NANOS;
        state.used = (int) Math.max(0, state.used - back);
        state.usedAt += back * EVERY_NANOS;
    }

    /** Whoever has one IPv6 address has all of its /64. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.split(":");
        return groups.length == 8 ? String.join(":", groups[0], groups[1], groups[2], groups[3]) : address;
    }

    synchronized int size() {
        return addresses.size();
    }
}
