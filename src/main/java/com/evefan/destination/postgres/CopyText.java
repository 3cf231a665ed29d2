package com.evefan.destination.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.evefan.warehouse.Row;
import com.evefan.warehouse.Utf8Text;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in PostgreSQL's text COPY format, for tables with columns of other types than Evefan makes: the server
 * converts each value as it would one that was typed in, or says that it cannot. Source of the format: PostgreSQL's
 * documentation of COPY, "Text Format".
 */
final class CopyText implements CopyRows {
    private static final byte[] NULL = {'\\', 'N'};

    private final Chunk chunk;

    CopyText(Target target) {
        chunk = new Chunk(target);
    }

    @Override
    public void add(Row row) throws SQLException {
        @Nullable Object[] values = row.values();
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                chunk.append(NULL, 0, NULL.length);
            } else if (value instanceof Utf8Text text) {
                escaped(text.bytes(), text.start(), text.length());
            } else {
                byte[] ascii = ascii(value);
                chunk.append(ascii, 0, ascii.length);
            }
            chunk.room(1).int8(i == values.length - 1 ? '\n' : '\t');
        }
    }

    /** Microseconds are what PostgreSQL holds; it would round the rest, and a time must not be later than it was. */
    private static byte[] ascii(Object value) {
        Object exact = value instanceof Instant time ? time.truncatedTo(ChronoUnit.MICROS) : value;
        return exact.toString().getBytes(UTF_8);
    }

    private void escaped(byte[] bytes, int start, int length) throws SQLException {
        int copied = start;
        for (int i = start; i < start + length; i++) {
            int escape = escape(bytes[i]);
            if (escape != 0) {
                chunk.append(bytes, copied, i - copied);
                chunk.room(2).int8('\\');
                chunk.int8(escape);
                copied = i + 1;
            }
        }
        chunk.append(bytes, copied, start + length - copied);
    }

    private static int escape(byte b) {
        return switch (b) {
            case '\\' -> '\\';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }

    @Override
    public void end() throws SQLException {
        chunk.handOn();
    }
}
