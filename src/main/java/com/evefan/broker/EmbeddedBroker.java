package com.evefan.broker;

import com.evefan.counters.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.SuppressReplyException;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.activemq.util.IOExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that runs in this process, with its store on disk. When a read or a write of its store fails it stops, and
 * is started again: at once, and ever more rarely while that fails. A damaged store costs what is damaged: see {@link
 * BrokerStore}.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** The broker's name: its client URL is {@code vm://evefan}. */
    static final String NAME = "evefan";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final long MOST_MEMORY = 1L << 30;
    private static final int READ_IN_ADVANCE = 8;
    private static final long LOOK_EVERY_MS = 500;
    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 60_000;

    private final BrokerSettings settings;
    private final BrokerStore store;
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final Thread keeper = new Thread(this::keep, "evefan-broker-keeper");
    private volatile @Nullable BrokerService broker;
    private volatile @Nullable IOException failure;
    private volatile String down = "the embedded broker is starting";
    private boolean closed;

    private EmbeddedBroker(BrokerSettings settings) {
        this.settings = settings;
        this.store = new BrokerStore(settings.directory());
        keeper.setDaemon(true);
    }

    /**
     * Starts the broker; what its store holds is there again. Where the disk does not let it start now, it is tried again
     * until it does.
     *
     * @throws IOException when there can be no store in its directory
     */
    public static EmbeddedBroker start(BrokerSettings settings) throws IOException {
        EmbeddedBroker embedded = in(settings);
        embedded.start();
        return embedded;
    }

    /**
     * The broker as it is before {@link #start()}.
     *
     * @throws IOException when there can be no store in its directory
     */
    public static EmbeddedBroker in(BrokerSettings settings) throws IOException {
        Files.createDirectories(settings.directory());
        return new EmbeddedBroker(settings);
    }

    /** As {@link #start(BrokerSettings)}; takes half a second. */
    public void start() {
        startAgain(null);
        keeper.start();
    }

    /** On the store as it is; else on what can be read of it; else on a new one. */
    private void open() throws Exception {
        List<String> lost = new ArrayList<>(store.tornEnd());
        BrokerService opened;
        try {
            opened = start(false);
        } catch (Exception e) {
            throwUnlessDamage(e, "on its store as it is");
            store.setIndexAside();
            try {
                opened = start(true);
            } catch (Exception again) {
                throwUnlessDamage(again, "on what can be read of its store");
                Path aside = store.setAllAside();
                opened = start(false);
                lost.add("its store could not be read, and its queues begin anew; what was there is in " + aside);
            }
            if (String.valueOf(e.getMessage()).contains("missing/corrupt")) {
                lost.add(e.getMessage());
            }
        }
        lost.addAll(store.damage(((KahaDBPersistenceAdapter) opened.getPersistenceAdapter())
                .getStore()
                .getJournal()));
        for (String one : lost) {
            String loss = "the embedded broker has lost messages: " + one;
            LOG.error("{}", loss);
            losses.add(loss);
        }
        broker = opened;
    }

    private void throwUnlessDamage(Exception failure, String what) throws Exception {
        if (!store.isDamage(failure)) {
            throw failure;
        }
        LOG.warn("The embedded broker does not start {}: {}", what, failure.toString());
    }

    private BrokerService start(boolean damaged) throws Exception {
        failure = null;
        BrokerService service = service(damaged);
        try {
            service.start();
            service.waitUntilStarted();
            IOException failed = failure;
            if (failed != null) {
                throw failed;
            }
            return service;
        } catch (Exception | LinkageError e) {
            stop(service);
            throw e;
        }
    }

    private BrokerService service(boolean damaged) throws Exception {
        KahaDBPersistenceAdapter kahaDb = new KahaDBPersistenceAdapter();
        kahaDb.setDirectory(settings.directory().toFile());
        kahaDb.setCheckForCorruptJournalFiles(true);
        kahaDb.setIgnoreMissingJournalfiles(damaged);
        // With messages on their way from memory and from the store at the same time, a queue that outgrows its memory
        // has been seen to lose its order: everything goes through the store, in turn.
        kahaDb.setConcurrentStoreAndDispatchQueues(false);
        BrokerService service = new BrokerService();
        service.setBrokerName(NAME);
        service.setPersistenceAdapter(kahaDb);
        service.setDataDirectoryFile(settings.directory().toFile());
        service.setAdvisorySupport(false);
        // Evefan stops the broker itself, after the last delivery.
        service.setUseShutdownHook(false);
        service.getManagementContext().setCreateConnector(false);
        service.getSystemUsage().getMemoryUsage().setLimit(memory());
        service.getSystemUsage().getStoreUsage().setLimit(settings.storeLimit());
        service.getSystemUsage().getTempUsage().setLimit(settings.storeLimit());
        // A full store fails the send instead of blocking it, so that the batch stays in the journal.
        service.getSystemUsage().setSendFailIfNoSpace(true);
        service.setDestinationPolicy(policy());
        service.setPlugins(new BrokerPlugin[] {MovesOnlyToDeadLetters::new});
        service.setIoExceptionHandler(new IOExceptionHandler() {
            @Override
            public void handle(IOException e) {
                failure = e;
                throw new SuppressReplyException("the broker starts again", e);
            }

            @Override
            public void setBrokerService(BrokerService ofThis) {}
        });
        return service;
    }

    /** As much as ActiveMQ takes by itself; of a small heap a share that leaves room for what is not the broker's. */
    private static long memory() {
        return Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 4);
    }

    private static PolicyMap policy() {
        PolicyEntry everyQueue = new PolicyEntry();
        everyQueue.setUseCache(false);
        // A message may have megabytes, and is taken one at a time: two hundred of them are not to be read in advance,
        // nor four hundred every 30 seconds to see whether they have expired, which none of ours does.
        everyQueue.setExpireMessagesPeriod(0);
        everyQueue.setLazyDispatch(true);
        everyQueue.setMaxPageSize(READ_IN_ADVANCE);
        PolicyMap policy = new PolicyMap();
        policy.setDefaultEntry(everyQueue);
        return policy;
    }

    /** The broker's own thread: looks whether it still runs. */
    private void keep() {
        long pause = FIRST_PAUSE_MS;
        try {
            while (pause(LOOK_EVERY_MS)) {
                BrokerService running = broker;
                if (running != null && failure == null && running.isStarted() && !running.isStopping()) {
                    pause = FIRST_PAUSE_MS;
                } else if (startAgain(running)) {
                    LOG.info("The embedded broker runs again");
                } else {
                    if (!pause(pause)) {
                        return;
                    }
                    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
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

    private boolean startAgain(@Nullable BrokerService stopped) {
        if (stopped != null) {
            down = failure == null
                    ? "the embedded broker has stopped by itself and starts again"
                    : String.valueOf(down());
            LOG.warn("{}", down);
            broker = null;
            stop(stopped);
        }
        try {
            open();
            return true;
        } catch (Exception e) {
            String why = "the embedded broker does not start: " + SafeText.of(e.getMessage(), e.toString());
            if (!why.equals(down)) {
                LOG.warn("{}", why);
            }
            down = why;
            return false;
        }
    }

    private static void stop(BrokerService service) {
        try {
            service.stop();
            service.waitUntilStopped();
        } catch (Exception e) {
            LOG.debug("The embedded broker did not stop cleanly", e);
        }
    }

    /** Why it does not run; null when it does. */
    @Nullable
    String down() {
        BrokerService running = broker;
        IOException failed = failure;
        if (failed != null) {
            return "the embedded broker has stopped and starts again: "
                    + SafeText.of(failed.toString(), "a failed write");
        }
        return running != null && running.isStarted() && !running.isStopping() ? null : down;
    }

    List<String> losses() {
        return losses;
    }

    int storePercent() {
        BrokerService running = broker;
        return running == null ? 0 : running.getSystemUsage().getStoreUsage().getPercentUsage();
    }

    /** The names of all queues, those that nobody has used since the start included. */
    Set<String> queues() {
        Set<String> names = new TreeSet<>();
        BrokerService running = broker;
        if (running != null) {
            for (ActiveMQDestination destination :
                    running.getRegionBroker().getDestinationMap().keySet()) {
                if (destination.isQueue()) {
                    names.add(destination.getPhysicalName());
                }
            }
        }
        return names;
    }

    /** The number of messages in {@code queue}. */
    long depth(String queue) {
        return destination(queue)
                .map(destination ->
                        destination.getDestinationStatistics().getMessages().getCount())
                .orElse(0L);
    }

    /** A look at the messages of {@code queue}. */
    QueueWalk walk(String queue) {
        return destination(queue)
                .<QueueWalk>map(destination -> new QueueWalk.OfStore(destination.getMessageStore()))
                .orElseGet(QueueWalk.OfNothing::new);
    }

    /** Whether {@code queue} has the message with the JMS id {@code id}; false where its store cannot be read. */
    boolean holds(String queue, String id) {
        Optional<Destination> destination = destination(queue);
        try {
            return destination.isPresent()
                    && destination.get().getMessageStore().getMessage(new MessageId(id)) != null;
        } catch (IOException e) {
            LOG.warn("It cannot be read whether {} is in {}", id, queue, e);
            return false;
        }
    }

    /** Removes {@code queue} if it is empty and nobody uses it; returns whether it is gone. */
    boolean remove(String queue) {
        BrokerService running = broker;
        if (running == null || depth(queue) > 0) {
            return false;
        }
        try {
            running.removeDestination(new ActiveMQQueue(queue));
        } catch (Exception e) {
            LOG.debug("The queue {} stays", queue, e);
        }
        return destination(queue).isEmpty();
    }

    private Optional<Destination> destination(String queue) {
        BrokerService running = broker;
        return running == null
                ? Optional.empty()
                : Optional.ofNullable(
                        running.getRegionBroker().getDestinationMap().get(new ActiveMQQueue(queue)));
    }

    @Override
    public void close() throws Exception {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        keeper.join();
        BrokerService running = broker;
        if (running != null) {
            running.stop();
            running.waitUntilStopped();
        }
    }

    /**
     * What an operator moves with JMX, as Hawtio does, may only go where Evefan reads: into the dead letters of a
     * destination. Clients are not concerned.
     */
    private static final class MovesOnlyToDeadLetters extends BrokerFilter {
        private static final String READ = "evefan\\.dead\\.[^,*>?]+";

        MovesOnlyToDeadLetters(org.apache.activemq.broker.Broker next) {
            super(next);
        }

        @Override
        public void send(ProducerBrokerExchange exchange, Message message) throws Exception {
            if (exchange.getConnectionContext() == getAdminConnectionContext()) {
                ActiveMQDestination to = message.getDestination();
                if (!to.isQueue() || !to.getPhysicalName().matches(READ)) {
                    throw new IllegalArgumentException("messages can be moved to evefan.dead.<destination>, where"
                            + " Evefan finds them, and not to " + to.getPhysicalName());
                }
            }
            super.send(exchange, message);
        }
    }
}
