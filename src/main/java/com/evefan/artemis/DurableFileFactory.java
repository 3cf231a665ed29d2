package com.evefan.artemis;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.core.buffers.impl.ChannelBufferWrapper;
import org.apache.activemq.artemis.core.io.IOCriticalErrorListener;
import org.apache.activemq.artemis.core.io.SequentialFile;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the journal's files. Artemis' own timed buffer is left out: it answers a failed write with success once the
 * following sync works, and its timer thread spins.
 */
final class DurableFileFactory extends NIOSequentialFileFactory {
    private static final int WRITE_BUFFER = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DurableFileFactory.class);

    private final Set<DurableFile> open = ConcurrentHashMap.newKeySet();
    private final ActiveMQBuffer writeBuffer =
            new ChannelBufferWrapper(Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(WRITE_BUFFER)));
    private final LongAdder syncs;
    private final LongAdder writtenBytes;

    DurableFileFactory(Path directory, IOCriticalErrorListener listener, LongAdder syncs, LongAdder writtenBytes) {
        super(directory.toFile(), false, 0, 0, 1, false, listener, null);
        this.syncs = syncs;
        this.writtenBytes = writtenBytes;
        writeBuffer.clear();
    }

    @Override
    public SequentialFile createSequentialFile(String fileName) {
        return new DurableFile(this, getDirectory(), fileName);
    }

    /** The records appended to the current file and not yet written to it; no other file ever has any. */
    ActiveMQBuffer writeBuffer() {
        return writeBuffer;
    }

    void opened(DurableFile file) {
        open.add(file);
    }

    void closed(DurableFile file) {
        open.remove(file);
    }

    /** Closes what Artemis leaves open after a failure; what it has not synced until now is not worth it. */
    void closeAll() {
        for (DurableFile file : open) {
            try {
                file.close(false, false);
            } catch (Exception e) {
                LOG.debug("Cannot close {}", file, e);
            }
        }
    }

    void written(long bytes) {
        writtenBytes.add(bytes);
    }

    void synced() {
        syncs.increment();
    }

    /** Makes the names of new files durable, which syncing the files does not. */
    void syncDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(getDirectory().toPath(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
