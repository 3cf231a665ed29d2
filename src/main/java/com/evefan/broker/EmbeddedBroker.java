package com.evefan.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;

/** The broker that runs in this process, with its store on disk. */
public final class EmbeddedBroker implements AutoCloseable {
    /** The broker's name: its client URL is {@code vm://evefan}. */
    static final String NAME = "evefan";

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
        BrokerService broker = new BrokerService();
        broker.setBrokerName(NAME);
        broker.setPersistenceAdapter(store);
        broker.setDataDirectoryFile(directory.toFile());
        broker.setAdvisorySupport(false);
        // Evefan stops the broker itself, after the last delivery.
        broker.setUseShutdownHook(false);
        broker.getManagementContext().setCreateConnector(false);
        broker.getSystemUsage().getStoreUsage().setLimit(settings.storeLimit());
        broker.getSystemUsage().getTempUsage().setLimit(settings.storeLimit());
        // A full store fails the send instead of blocking it, so that the batch stays in the journal.
        broker.getSystemUsage().setSendFailIfNoSpace(true);
        broker.start();
        broker.waitUntilStarted();
        return new EmbeddedBroker(broker);
    }

    @Override
    public void close() throws Exception {
        broker.stop();
        broker.waitUntilStopped();
    }
}
