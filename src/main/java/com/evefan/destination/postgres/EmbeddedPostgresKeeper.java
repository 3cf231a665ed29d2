package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the embedded PostgreSQL is still there, and starts it again when it has died. */
public final class EmbeddedPostgresKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgresKeeper.class);
    private static final long LOOK_EVERY_MS = 1_000;
    private static final long LONGEST_PAUSE_MS = 60_000;

    /** Of looks that find nobody listening; a server that is merely busy lets its callers wait. */
    private static final int DEAD_AFTER = 2;

    private final Starter starter;
    private final int port;
    private final Thread thread = new Thread(this::keep, "evefan-postgres-keeper");
    private @Nullable EmbeddedPostgresServer server;
    private boolean closed;

    private EmbeddedPostgresKeeper(Starter starter, int port) throws SetUpException {
        this.starter = starter;
        this.port = port;
        this.server = startOrWait(starter);
        thread.setDaemon(true);
    }

    private static @Nullable EmbeddedPostgresServer startOrWait(Starter starter) throws SetUpException {
        try {
            return starter.start();
        } catch (SetUpException e) {
            if (!(e.getCause() instanceof EmbeddedPostgresServer.NoRoomException)) {
                throw e;
            }
            LOG.error("{}; it is tried again, and its events wait in the journal", e.getMessage());
            return null;
        }
    }

    /** Whether there is a server; there is none as long as the disk has no room for it. */
    public synchronized boolean isRunning() {
        return server != null;
    }

    /** How the server is started, for the first time and every other time. */
    @FunctionalInterface
    public interface Starter {
        EmbeddedPostgresServer start() throws SetUpException;
    }

    /**
     * Starts the server, and keeps it running until this is closed. On a full disk it starts later.
     *
     * @param port that the server listens on
     * @throws SetUpException when it cannot start now
     */
    public static EmbeddedPostgresKeeper start(Starter starter, int port) throws SetUpException {
        EmbeddedPostgresKeeper keeper = new EmbeddedPostgresKeeper(starter, port);
        keeper.thread.start();
        return keeper;
    }

    private void keep() {
        int refused = 0;
        long pause = LOOK_EVERY_MS;
        try {
            while (pause(pause)) {
                pause = LOOK_EVERY_MS;
                refused = isListening() ? 0 : refused + 1;
                if (refused >= DEAD_AFTER && !startAgain()) {
                    pause = Math.min(LOOK_EVERY_MS << Math.min(refused - DEAD_AFTER, 10), LONGEST_PAUSE_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is time to go on. */
    private synchronized boolean pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !closed; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return !closed;
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) LOOK_EVERY_MS);
            return true;
        } catch (IOException e) {
            return !(e instanceof java.net.ConnectException);
        }
    }

    private synchronized boolean startAgain() {
        if (closed) {
            return true;
        }
        if (server != null) {
            LOG.warn("The embedded PostgreSQL has died; it is started again");
            close(server);
            server = null;
        }
        try {
            server = starter.start();
            LOG.info("The embedded PostgreSQL runs again");
            return true;
        } catch (SetUpException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        }
    }

    /** Frees what the library holds of a server that is gone. */
    private static void close(EmbeddedPostgresServer server) {
        try {
            server.close();
        } catch (RuntimeException e) {
            LOG.debug("The dead server could not be stopped", e);
        }
    }

    /** Stops the server; what is committed stays. */
    @Override
    public void close() throws InterruptedException {
        EmbeddedPostgresServer last;
        synchronized (this) {
            closed = true;
            notifyAll();
            last = server;
            server = null;
        }
        thread.join();
        if (last != null) {
            last.close();
        }
    }
}
