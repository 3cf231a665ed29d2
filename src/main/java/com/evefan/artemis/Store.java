package com.evefan.artemis;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.apache.activemq.artemis.core.io.SequentialFile;
import org.apache.activemq.artemis.core.journal.EncodingSupport;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.apache.activemq.artemis.core.journal.LoaderCallback;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.journal.impl.dataformat.ByteArrayEncoding;
import org.apache.activemq.artemis.utils.ExecutorFactory;
import org.apache.activemq.artemis.utils.actors.ArtemisExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The Artemis journal in one directory, used by one thread at a time. Nothing written is durable before
 * {@link #sync()} returns. After a failure only {@link #close()} is of use: a new store has to be opened.
 */
final class Store implements AutoCloseable {
    static final String FILE_PREFIX = "events";
    static final String FILE_EXTENSION = "journal";
    static final byte RECORD = 1;
    static final byte OWED = 2;

    private static final int FILES_KEPT = 8;
    private static final int COMPACT_FROM_FILES = 10;
    private static final int COMPACT_BELOW_PERCENT = 30;
    private static final int OPEN_TIMEOUT_SECONDS = 5;

    private final ExecutorService threads = Executors.newCachedThreadPool(Store::thread);
    private final DurableFileFactory files;
    private final JournalImpl journal;
    private volatile @Nullable Throwable failure;

    private Store(JournalSettings settings, LongAdder syncs, LongAdder writtenBytes) {
        files = new DurableFileFactory(
                settings.directory(), (cause, message, file) -> failed(cause), syncs, writtenBytes);
        journal = new JournalImpl(
                executors(),
                settings.fileBytes(),
                2,
                FILES_KEPT,
                COMPACT_FROM_FILES,
                COMPACT_BELOW_PERCENT,
                OPEN_TIMEOUT_SECONDS,
                files,
                FILE_PREFIX,
                FILE_EXTENSION,
                1,
                RecordBody.FORMAT_VERSION,
                (cause, message, file) -> failed(cause),
                0);
        journal.setRemoveExtraFilesOnLoad(true);
    }

    /** Opens the directory and tells {@code loaded} what is in it. */
    static Store open(JournalSettings settings, LongAdder syncs, LongAdder writtenBytes, LoaderCallback loaded)
            throws IOException {
        Store store = new Store(settings, syncs, writtenBytes);
        try {
            store.journal.start();
            store.journal.load(loaded);
            store.checkHealth();
            return store;
        } catch (Exception e) {
            store.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Artemis asks for executors to open files, to compact and to append, in this order; appending needs no hop. */
    private ExecutorFactory executors() {
        int[] asked = {0};
        return () -> switch (asked[0]++) {
            case 0, 1 -> ArtemisExecutor.delegate(new InOrder(threads));
            default -> Runnable::run;
        };
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "evefan-journal-files");
        thread.setDaemon(true);
        return thread;
    }

    void add(long id, EncodingSupport body) throws Exception {
        Completion completion = new Completion();
        journal.appendAddRecord(id, RECORD, body, false, completion);
        completion.check();
    }

    void update(long id, byte[] body) throws Exception {
        Completion completion = new Completion();
        journal.tryAppendUpdateRecord(id, OWED, new ByteArrayEncoding(body), false, false, null, completion);
        completion.check();
    }

    void delete(long id) throws Exception {
        Completion completion = new Completion();
        journal.tryAppendDeleteRecord(id, false, null, completion);
        completion.check();
    }

    void sync() throws IOException {
        currentFile().sync();
        checkHealth();
    }

    void flush() throws IOException {
        if (currentFile() instanceof DurableFile file) {
            file.flush();
        }
        checkHealth();
    }

    private SequentialFile currentFile() {
        return journal.getCurrentFile().getFile();
    }

    /** Leaves the current file as it is: after a failure it may have holes that only look written. */
    void moveToNewFile() throws Exception {
        journal.forceMoveNextFile();
        checkHealth();
    }

    private void failed(Throwable cause) {
        failure = cause;
    }

    private void checkHealth() throws IOException {
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException(cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        try {
            journal.stop();
        } finally {
            files.closeAll();
            threads.shutdown();
        }
    }

    /** Hears whether Artemis handed the record to the file, which it does before the call returns. */
    private static final class Completion implements IOCompletion {
        private boolean done;
        private @Nullable String error;

        @Override
        public void storeLineUp() {
            // nothing to wait for
        }

        @Override
        public void done() {
            done = true;
        }

        @Override
        public void onError(int code, String message) {
            error = message;
        }

        void check() throws IOException {
            if (error != null || !done) {
                throw new IOException(error != null ? error : "the record was not taken");
            }
        }
    }
}
