package com.evefan.journal.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The directory of a journal: all that it asks of the system. Tests put a disk that fails and forgets in its place. */
interface Disk extends AutoCloseable {
    /** The names of its files. */
    List<String> names() throws IOException;

    /** A new file; one of that name is emptied. */
    DiskFile create(String name) throws IOException;

    DiskFile open(String name) throws IOException;

    /** Replaces what is called {@code to}. Durable after {@link #sync}. */
    void rename(String from, String to) throws IOException;

    /** Does nothing when there is no such file. */
    void delete(String name) throws IOException;

    /** Makes durable which files there are. */
    void sync() throws IOException;

    /** Bytes that can still be written. */
    long free() throws IOException;

    @Override
    void close();

    /** An open file. Not interrupted by an interrupted thread. */
    interface DiskFile extends AutoCloseable {
        long size() throws IOException;

        /** Reads until {@code into} is full or the file ends; returns how much, 0 at the end. */
        int read(ByteBuffer into, long position) throws IOException;

        /** Writes all of {@code from}. */
        void write(ByteBuffer from, long position) throws IOException;

        void truncate(long size) throws IOException;

        /** Makes durable what was written. */
        void sync() throws IOException;

        /** Never fails: what matters has been synced. */
        @Override
        void close();
    }
}
