package com.evefan.artemis;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQExceptionType;
import org.apache.activemq.artemis.core.io.DummyCallback;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.io.SequentialFile;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFile;
import org.apache.activemq.artemis.core.journal.EncodingSupport;

/**
 * A journal file that collects records and writes them at {@link #sync()}, all at once. Where Artemis' own class
 * reports a failed or short write to a listener and goes on, this one fails. Locked, because the compactor closes the
 * current file from its own thread.
 */
final class DurableFile extends NIOSequentialFile {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private final DurableFileFactory files;
    private boolean durableOnClose;

    DurableFile(DurableFileFactory files, File directory, String name) {
        super(files, directory, name, 1);
        this.files = files;
    }

    @Override
    public synchronized void open() throws IOException {
        super.open();
        files.syncDirectory();
    }

    @Override
    public synchronized void open(int maxIO, boolean useExecutor) throws IOException {
        super.open(maxIO, useExecutor);
        durableOnClose = false;
        files.opened(this);
    }

    /** As Artemis does it, whose writes of one page each cost more than twice the CPU. */
    @Override
    public synchronized void fill(int size) throws IOException {
        FileChannel open = open(channel);
        try {
            for (int filled = 0; filled < size; ) {
                filled += open.write(ZEROS.slice(0, Math.min(ZEROS.capacity(), size - filled)), filled);
            }
            open.force(true);
            open.position(0);
            fileSize = open.size();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            files.onIOError(e, e.toString(), this);
            throw e;
        }
    }

    @Override
    public synchronized void write(EncodingSupport record, boolean sync, IOCallback callback) {
        try {
            append(record);
            if (sync) {
                sync();
            }
            callback.done();
        } catch (IOException e) {
            files.onIOError(e, e.toString(), this);
            callback.onError(ActiveMQExceptionType.IO_ERROR.getCode(), e.toString());
        }
    }

    @Override
    public synchronized void write(EncodingSupport record, boolean sync) {
        write(record, sync, DummyCallback.getInstance());
    }

    private void append(EncodingSupport record) throws IOException {
        open(channel);
        int size = record.getEncodeSize();
        ActiveMQBuffer buffer = files.writeBuffer();
        if (size > buffer.capacity() - buffer.writerIndex()) {
            flush();
        }
        if (size > buffer.capacity()) {
            ActiveMQBuffer large = ActiveMQBuffers.fixedBuffer(size);
            record.encode(large);
            writeFully(large.toByteBuffer(0, size));
        } else {
            record.encode(buffer);
        }
        position.addAndGet(size);
    }

    /** Hands the collected records to the system: they survive the end of the process, not yet that of the power. */
    synchronized void flush() throws IOException {
        ActiveMQBuffer buffer = files.writeBuffer();
        int size = buffer.writerIndex();
        if (size > 0) {
            writeFully(buffer.toByteBuffer(0, size));
            buffer.clear();
        }
    }

    @Override
    public synchronized void sync() throws IOException {
        if (channel == null && durableOnClose) {
            return; // the compactor has moved on to the next file; closing synced this one
        }
        FileChannel open = open(channel);
        flush();
        open.force(false);
        files.synced();
    }

    @Override
    public synchronized void close(boolean waitSync, boolean blockOnPending)
            throws IOException, InterruptedException, ActiveMQException {
        boolean collected = channel != null && waitSync;
        try {
            if (collected) {
                sync();
            }
            durableOnClose = collected;
        } finally {
            files.closed(this);
            super.close(false, blockOnPending);
        }
    }

    @Override
    public synchronized void writeDirect(ByteBuffer bytes, boolean sync) throws IOException {
        blockingWriteDirect(bytes, sync, true);
    }

    @Override
    public synchronized void writeDirect(ByteBuffer bytes, boolean sync, IOCallback callback) {
        try {
            blockingWriteDirect(bytes, sync, true);
            callback.done();
        } catch (IOException e) {
            files.onIOError(e, e.toString(), this);
            callback.onError(ActiveMQExceptionType.IO_ERROR.getCode(), e.toString());
        }
    }

    @Override
    public synchronized void blockingWriteDirect(ByteBuffer bytes, boolean sync, boolean release) throws IOException {
        int size = bytes.limit();
        try {
            writeFully(bytes);
            position.addAndGet(size);
            if (sync) {
                open(channel).force(false);
                files.synced();
            }
        } finally {
            if (release) {
                files.releaseBuffer(bytes);
            }
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        FileChannel open = open(channel);
        files.written(bytes.remaining());
        while (bytes.hasRemaining()) {
            open.write(bytes); // may write less than asked for on a full disk; the next one then fails
        }
    }

    private static FileChannel open(FileChannel channel) throws ClosedChannelException {
        if (channel == null) {
            throw new ClosedChannelException();
        }
        return channel;
    }

    @Override
    public SequentialFile cloneFile() {
        return new DurableFile(files, directory, getFileName());
    }
}
