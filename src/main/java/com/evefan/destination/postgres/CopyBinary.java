package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Utf8Text;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in PostgreSQL's binary COPY format: nothing to escape, and times and numbers of bytes need no parsing
 * on the server. Only for columns of the very types that Evefan makes: of a number the server would read the bytes of our
 * text. Source of the format: PostgreSQL's documentation of COPY, "Binary Format".
 */
final class CopyBinary implements CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int NULL_LENGTH = -1;
    private static final byte JSONB_VERSION = 1;

    /** The length of a field and the longest value that is not text. */
    private static final int LARGEST_FIXED = Integer.BYTES + Long.BYTES;

    /** Times are microseconds since 2000. */
    private static final long EPOCH_SECONDS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private final Chunk chunk;

    CopyBinary(Target target) throws SQLException {
        chunk = new Chunk(target);
        chunk.append(SIGNATURE, 0, SIGNATURE.length);
        chunk.room(2 * Integer.BYTES);
        chunk.int32(0); // flags
        chunk.int32(0); // length of the header's extension
    }

    @Override
    public void add(Row row) throws SQLException {
        List<Column> columns = row.table().columns();
        chunk.room(Short.BYTES).int16(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            field(columns.get(i), row.values()[i]);
        }
    }

    @Override
    public void end() throws SQLException {
        chunk.room(Short.BYTES).int16(-1);
        chunk.handOn();
    }

    private void field(Column column, @Nullable Object value) throws SQLException {
        chunk.room(LARGEST_FIXED);
        if (value == null) {
            chunk.int32(NULL_LENGTH);
            return;
        }
        switch (column.type()) {
            case TEXT -> {
                Utf8Text text = (Utf8Text) value;
                chunk.int32(text.length());
                chunk.append(text.bytes(), text.start(), text.length());
            }
            case JSON -> {
                Utf8Text json = (Utf8Text) value;
                chunk.int32(json.length() + 1);
                chunk.int8(JSONB_VERSION);
                chunk.append(json.bytes(), json.start(), json.length());
            }
            case BOOLEAN -> {
                chunk.int32(1);
                chunk.int8((Boolean) value ? 1 : 0);
            }
            case NUMBER -> {
                chunk.int32(Double.BYTES);
                chunk.int64(Double.doubleToLongBits((Double) value));
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
}
