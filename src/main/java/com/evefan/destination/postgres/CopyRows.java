package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Utf8Text;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in PostgreSQL's binary COPY format: nothing to escape, and times and numbers of bytes need no
 * parsing on the server. Source of the format: PostgreSQL's documentation of COPY, "Binary Format".
 */
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int NULL_LENGTH = -1;
    private static final byte JSONB_VERSION = 1;

    /** Times are microseconds since 2000. */
    private static final long EPOCH_SECONDS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private final Chunks chunks;
    private final List<Chunk> filled = new ArrayList<>();
    private Chunk last;

    CopyRows(Chunks chunks) {
        this.chunks = chunks;
        last = next();
        append(SIGNATURE, 0, SIGNATURE.length);
        last.int32(0); // flags
        last.int32(0); // length of the header's extension
    }

    /** Takes the data piece by piece. */
    @FunctionalInterface
    interface Target {
        void write(byte[] bytes, int offset, int length) throws SQLException;
    }

    void add(Row row) {
        List<Column> columns = row.table().columns();
        withFree(Short.BYTES).int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            field(columns.get(i), row.values()[i]);
        }
    }

    /** Ends the data; no row may follow. */
    void end() {
        withFree(Short.BYTES).int16(-1);
    }

    /** Hands all data to {@code target}; can be done again. */
    void send(Target target) throws SQLException {
        for (Chunk chunk : filled) {
            target.write(chunk.bytes(), 0, chunk.length());
        }
    }

    /** Gives the memory back; nothing else may be called afterwards. */
    void release() {
        filled.forEach(chunks::giveBack);
        filled.clear();
    }

    private void field(Column column, @Nullable Object value) {
        if (value == null) {
            withFree(Integer.BYTES).int32(NULL_LENGTH);
            return;
        }
        switch (column.type()) {
            case TEXT -> {
                Utf8Text text = (Utf8Text) value;
                withFree(Integer.BYTES).int32(text.length());
                append(text.bytes(), text.start(), text.length());
            }
            case JSON -> {
                Utf8Text json = (Utf8Text) value;
                Chunk chunk = withFree(Integer.BYTES + 1);
                chunk.int32(json.length() + 1);
                chunk.int8(JSONB_VERSION);
                append(json.bytes(), json.start(), json.length());
            }
            case BOOLEAN -> {
                Chunk chunk = withFree(Integer.BYTES + 1);
                chunk.int32(1);
                chunk.int8((Boolean) value ? 1 : 0);
            }
            case TIMESTAMP -> {
                Chunk chunk = withFree(Integer.BYTES + Long.BYTES);
                chunk.int32(Long.BYTES);
                chunk.int64(microseconds((Instant) value));
            }
        }
    }

    private static long microseconds(Instant time) {
        return (time.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + time.getNano() / 1000;
    }

    private void append(byte[] source, int start, int length) {
        int position = start;
        int end = start + length;
        while (position < end) {
            Chunk chunk = withFree(1);
            int count = Math.min(chunk.free(), end - position);
            chunk.append(source, position, count);
            position += count;
        }
    }

    /** The last chunk, or the next one where it has less than {@code bytes} left. */
    private Chunk withFree(int bytes) {
        if (last.free() < bytes) {
            last = next();
        }
        return last;
    }

    private Chunk next() {
        Chunk chunk = chunks.take();
        filled.add(chunk);
        return chunk;
    }
}
