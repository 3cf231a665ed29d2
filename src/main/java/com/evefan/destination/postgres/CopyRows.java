package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Utf8Text;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in PostgreSQL's binary COPY format, handed on in chunks: nothing to escape, and times and numbers of
 * bytes need no parsing on the server. Source of the format: PostgreSQL's documentation of COPY, "Binary Format".
 */
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int NULL_LENGTH = -1;
    private static final byte JSONB_VERSION = 1;

    /** The length of a field and the longest value that is not text. */
    private static final int LARGEST_FIXED = Integer.BYTES + Long.BYTES;

    /** Times are microseconds since 2000. */
    private static final long EPOCH_SECONDS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private final Target target;
    private final Chunk chunk = new Chunk();

    CopyRows(Target target) throws SQLException {
        this.target = target;
        append(SIGNATURE, 0, SIGNATURE.length);
        chunk.int32(0); // flags
        chunk.int32(0); // length of the header's extension
    }

    /** Takes the data chunk by chunk; may not keep the array. */
    @FunctionalInterface
    interface Target {
        void write(byte[] bytes, int offset, int length) throws SQLException;
    }

    void add(Row row) throws SQLException {
        List<Column> columns = row.table().columns();
        makeRoom(Short.BYTES);
        chunk.int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            field(columns.get(i), row.values()[i]);
        }
    }

    /** Ends the data; no row may follow. */
    void end() throws SQLException {
        makeRoom(Short.BYTES);
        chunk.int16(-1);
        handOn();
    }

    private void field(Column column, @Nullable Object value) throws SQLException {
        makeRoom(LARGEST_FIXED);
        if (value == null) {
            chunk.int32(NULL_LENGTH);
            return;
        }
        switch (column.type()) {
            case TEXT -> {
                Utf8Text text = (Utf8Text) value;
                chunk.int32(text.length());
                append(text.bytes(), text.start(), text.length());
            }
            case JSON -> {
                Utf8Text json = (Utf8Text) value;
                chunk.int32(json.length() + 1);
                chunk.int8(JSONB_VERSION);
                append(json.bytes(), json.start(), json.length());
            }
            case BOOLEAN -> {
                chunk.int32(1);
                chunk.int8((Boolean) value ? 1 : 0);
            }
            case TIMESTAMP -> {
                chunk.int32(Long.BYTES);
                chunk.int64(microseconds((Instant) value));
            }
        }
    }

    private static long microseconds(Instant time) {
        return (time.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + time.getNano() / 1000;
    }

    private void append(byte[] source, int start, int length) throws SQLException {
        int position = start;
        int end = start + length;
        while (position < end) {
            makeRoom(1);
            int count = Math.min(chunk.free(), end - position);
            chunk.append(source, position, count);
            position += count;
        }
    }

    private void makeRoom(int bytes) throws SQLException {
        if (chunk.free() < bytes) {
            handOn();
        }
    }

    private void handOn() throws SQLException {
        target.write(chunk.bytes(), 0, chunk.length());
        chunk.clear();
    }
}
