package com.evefan;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Senders that post events, single and in batches, and remember which ones were answered with 200. */
final class Load implements AutoCloseable {
    private static final int SENDERS = 4;
    private static final int BATCH = 20;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicInteger sent = new AtomicInteger();
    private final List<Thread> senders = new ArrayList<>();
    private final long begin = System.nanoTime();

    private Load() {}

    /**
     * @param prefix of every messageId
     * @param atMost events, after which it stops by itself
     */
    static Load on(String url, String prefix, int atMost) {
        return on(url, prefix, atMost, Integer.MAX_VALUE);
    }

    /** As above, with {@code perSecond} events a second at most. */
    static Load on(String url, String prefix, int atMost, int perSecond) {
        Load load = new Load();
        for (int i = 0; i < SENDERS; i++) {
            Thread sender = new Thread(() -> load.send(url, prefix, atMost, perSecond), "load-" + i);
            load.senders.add(sender);
            sender.start();
        }
        return load;
    }

    private void send(String url, String prefix, int atMost, int perSecond) {
        while (running.get() && sent.get() < atMost) {
            long early = sent.get() * TimeUnit.SECONDS.toNanos(1) / perSecond - (System.nanoTime() - begin);
            if (early > 0) {
                LockSupport.parkNanos(early);
                continue;
            }
            List<String> ids = new ArrayList<>();
            boolean single = sent.get() % 2 == 0;
            for (int i = 0; i < (single ? 1 : BATCH); i++) {
                ids.add(prefix + sent.incrementAndGet());
            }
            try {
                HttpResponse<String> response = RunningEvefan.post(
                        url, single ? "/v1/track" : "/v1/batch", single ? event(ids.get(0)) : batch(ids));
                if (response.statusCode() == 200) {
                    acknowledged.addAll(ids);
                }
            } catch (IOException e) {
                return; // killed: nothing was promised
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Of one of eight users. */
    static String event(String id) {
        return "{\"type\":\"track\",\"messageId\":\"" + id + "\",\"userId\":\"u" + Math.floorMod(id.hashCode(), 8)
                + "\",\"event\":\"Loaded\",\"properties\":{\"n\":1,\"s\":\"text\"}}";
    }

    static String batch(List<String> ids) {
        return "{\"batch\":[" + String.join(",", ids.stream().map(Load::event).toList()) + "]}";
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /** Waits until all senders are done, by themselves or because of {@link #close()}. */
    void join() throws InterruptedException {
        for (Thread sender : senders) {
            sender.join();
        }
    }

    @Override
    public void close() throws InterruptedException {
        running.set(false);
        join();
    }
}
