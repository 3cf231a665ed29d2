package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
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

    private byte[] bytes = new byte[16 * 1024];
    private int length;

    CopyRows() {
        begin();
    }

    void add(Row row) {
        List<Column> columns = row.table().columns();
        int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            field(columns.get(i), row.values()[i]);
        }
    }

    /** Ends the data; no row may follow. */
    void end() {
        int16(-1);
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many of {@link #bytes()} are data. */
    int length() {
        return length;
    }

    private void begin() {
        System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
        length = SIGNATURE.length;
        int32(0); // flags
        int32(0); // length of the header's extension
    }

    private void field(Column column, @Nullable Object value) {
        if (value == null) {
            int32(NULL_LENGTH);
            return;
        }
        switch (column.type()) {
            case TEXT -> {
                byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                int32(text.length);
                append(text);
            }
            case JSON -> {
                byte[] json = ((String) value).getBytes(StandardCharsets.UTF_8);
                int32(json.length + 1);
                int8(JSONB_VERSION);
                append(json);
            }
            case BOOLEAN -> {
                int32(1);
                int8((Boolean) value ? 1 : 0);
            }
            case TIMESTAMP -> {
                int32(Long.BYTES);
                int64(microseconds((Instant) value));
            }
        }
    }

    private static long microseconds(Instant time) {
        return (time.getEpochSecond() - EPOCH_SECONDS) * 1_000_000 + time.getNano() / 1000;
    }

    private void append(byte[] value) {
        grow(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void int8(int value) {
        grow(1);
        bytes[length++] = (byte) value;
    }

    private void int16(int value) {
        int8(value >> 8);
        int8(value);
    }

    private void int32(int value) {
        grow(Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >> shift);
        }
    }

    private void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    private void grow(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.addExact(length, Math.max(more, length)));
        }
    }
}
