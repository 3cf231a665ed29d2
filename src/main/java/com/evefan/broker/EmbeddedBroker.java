package com.evefan.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;

/** The broker that runs in this process, with its store on disk. */
public final class EmbeddedBroker implements AutoCloseable {
    /** The broker's name: its client URL is {@code vm://evefan}. */
    static final String NAME = "evefan";

    private static final long MOST_MEMORY = 1L << 30;

    private static final int READ_IN_ADVANCE = 8;

    private final BrokerService broker;

    private EmbeddedBroker(BrokerService broker) {
        this.broker = broker;
    }

    /**
     * Starts the broker; what its store holds is there again.
     *
     * @throws Exception when the store cannot be opened
     */
    public static EmbeddedBroker start(BrokerSettings settings) throws Exception {
        Path directory = Files.createDirectories(settings.directory());
        KahaDBPersistenceAdapter store = new KahaDBPersistenceAdapter();
        store.setDirectory(directory.toFile());
        store.setCheckForCorruptJournalFiles(true);
        store.setIgnoreMissingJournalfiles(false);
        // With messages on their way from memory and from the store at the same time, a queue that outgrows its memory
        // has been seen to lose its order: everything goes through the store, in turn.
        store.setConcurrentStoreAndDispatchQueues(false);
        BrokerService broker = new BrokerService();
        broker.setBrokerName(NAME);
        broker.setPersistenceAdapter(store);
        broker.setDataDirectoryFile(directory.toFile());
        broker.setAdvisorySupport(false);
        // Evefan stops the broker itself, after the last delivery.
        broker.setUseShutdownHook(false);
        broker.getManagementContext().setCreateConnector(false);
        broker.getSystemUsage().getMemoryUsage().setLimit(memory());
        broker.getSystemUsage().getStoreUsage().setLimit(settings.storeLimit());
        broker.getSystemUsage().getTempUsage().setLimit(settings.storeLimit());
        // A full store fails the send instead of blocking it, so that the batch stays in the journal.
        broker.getSystemUsage().setSendFailIfNoSpace(true);
        broker.setDestinationPolicy(policy());
        broker.start();
        broker.waitUntilStarted();
        return new EmbeddedBroker(broker);
    }

    /** As much as ActiveMQ takes by itself; of a small heap a share that leaves room for what is not the broker's. */
    private static long memory() {
        return Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 4);
    }

    /** Dead letters can be looked at as far as Evefan looks, not only as far as ActiveMQ shows by default. */
    private static PolicyMap policy() {
        PolicyEntry everyQueue = new PolicyEntry();
        everyQueue.setUseCache(false);
        // A message may have megabytes, and is taken one at a time: two hundred of them are not to be read in advance,
        // nor
        // four hundred every 30 seconds to see whether they have expired, which none of ours does.
        everyQueue.setExpireMessagesPeriod(0);
        everyQueue.setLazyDispatch(true);
        everyQueue.setMaxPageSize(READ_IN_ADVANCE);
        everyQueue.setMaxBrowsePageSize(BrokerQueues.MOST_SHOWN);
        PolicyMap policy = new PolicyMap();
        policy.setDefaultEntry(everyQueue);
        return policy;
    }

    boolean isRunning() {
        return broker.isStarted() && !broker.isStopping();
    }

    /** The names of all queues, those that nobody has used since the start included. */
    Set<String> queues() {
        Set<String> names = new TreeSet<>();
        for (ActiveMQDestination destination :
                broker.getRegionBroker().getDestinationMap().keySet()) {
            if (destination.isQueue()) {
                names.add(destination.getPhysicalName());
            }
        }
        return names;
    }

    /** The number of messages in {@code queue}. */
    long depth(String queue) {
        Destination destination = broker.getRegionBroker().getDestinationMap().get(new ActiveMQQueue(queue));
        return destination == null
                ? 0
                : destination.getDestinationStatistics().getMessages().getCount();
    }

    /** Adds up what is stored in {@code queue}: reads all of it. */
    QueueContent content(String queue) throws Exception {
        Destination destination = broker.getRegionBroker().getDestinationMap().get(new ActiveMQQueue(queue));
        ContentReader reader = new ContentReader();
        if (destination != null) {
            destination.getMessageStore().recover(reader);
        }
        return reader.content();
    }

    @Override
    public void close() throws Exception {
        broker.stop();
        broker.waitUntilStopped();
    }
}
