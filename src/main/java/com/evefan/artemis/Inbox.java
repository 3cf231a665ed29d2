package com.evefan.artemis;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Appends on their way to the one thread that writes. Only a sleeping thread is woken, and by one sender: that costs a
 * sender more than all the rest.
 */
final class Inbox {
    private final Queue<Append> appends = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread asleep;

    /** Call {@link #wake} afterwards. */
    void add(Append append) {
        appends.add(append);
    }

    /** Whoever awaits something goes on, with what was added before this call. */
    void wake() {
        Thread sleeper = asleep;
        if (sleeper != null) {
            asleep = null;
            LockSupport.unpark(sleeper);
        }
    }

    /** Takes {@code append} back; false when it is taken already. */
    boolean remove(Append append) {
        return appends.remove(append);
    }

    boolean isEmpty() {
        return appends.isEmpty();
    }

    /** Returns when there is something, after {@code millis} at the latest, and now and then for no reason. */
    void await(long millis) throws InterruptedException {
        asleep = Thread.currentThread();
        if (appends.isEmpty()) { // only now: whoever adds something from here on sees who sleeps
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
        }
        asleep = null;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void drainTo(Collection<Append> taken, int most) {
        for (int left = most; left > 0; left--) {
            Append next = appends.poll();
            if (next == null) {
                return;
            }
            taken.add(next);
        }
    }
}
