package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.ColumnType;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Table;
import com.evefan.warehouse.Utf8Text;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyBinaryTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";
    private static final String END = "ffff";

    @ParameterizedTest
    @CsvSource({
        "TEXT, é\\N, 00000004c3a95c4e",
        "TEXT, '', 00000000",
        "JSON, {}, 00000003017b7d",
        "BOOLEAN, true, 0000000101",
        "BOOLEAN, false, 0000000100",
        "NUMBER, 1.5, 000000083ff8000000000000",
        "TIMESTAMP, 2000-01-01T00:00:01.000002Z, 0000000800000000000f4242",
        "TIMESTAMP, 1999-12-31T23:59:59.999Z, 00000008fffffffffffffc18",
        "TEXT, , ffffffff"
    })
    void writesAFieldAsTheServerReadsIt(ColumnType type, String value, String hex) throws SQLException {
        // Given
        Table table = new Table("t", List.of(new Column("c", type)));
        CopyRows rows = new CopyBinary(sent::write);

        // When
        rows.add(new Row(table, new Object[] {parsed(type, value)}));
        rows.end();

        // Then
        assertThat(hex()).isEqualTo(HEADER + "0001" + hex + END);
    }

    @Test
    void growsWithItsRows() throws SQLException {
        // Given
        Table table = new Table("t", List.of(new Column("c", ColumnType.TEXT)));
        CopyRows rows = new CopyBinary(sent::write);

        // When
        for (int i = 0; i < 10; i++) {
            rows.add(new Row(table, new Object[] {Utf8Text.of("x".repeat(100_000))}));
        }
        rows.end();

        // Then
        assertThat(hex()).hasSize(2 * (19 + 10 * (2 + 4 + 100_000) + 2)).endsWith("78" + END);
    }

    @Test
    void writesTheSameWhereverAChunkEnds() throws SQLException {
        // Given
        Table table = new Table(
                "t",
                List.of(
                        new Column("a", ColumnType.TEXT),
                        new Column("b", ColumnType.TIMESTAMP),
                        new Column("c", ColumnType.JSON),
                        new Column("d", ColumnType.BOOLEAN)));
        Object[] rest = {Instant.parse("2000-01-01T00:00:01Z"), Utf8Text.of("[1]"), true};
        String restHex = "00000008" + "00000000000f4240" + "00000004015b315d" + "0000000101";

        for (int before = Chunk.BYTES - 80; before < Chunk.BYTES + 2; before++) {
            // When
            sent.reset();
            CopyRows rows = new CopyBinary(sent::write);
            rows.add(new Row(table, new Object[] {Utf8Text.of("x".repeat(before)), rest[0], rest[1], rest[2]}));
            rows.end();

            // Then
            assertThat(hex())
                    .hasSize(2 * (19 + 2 + 4 + before) + restHex.length() + 4)
                    .endsWith("78" + restHex + END);
        }
    }

    @Test
    void handsOnNoMoreThanAChunkAtOnceAndNothingLate() throws SQLException {
        // Given
        Table table = new Table("t", List.of(new Column("c", ColumnType.JSON)));
        List<Integer> lengths = new ArrayList<>();
        CopyRows rows = new CopyBinary((bytes, offset, length) -> lengths.add(length));

        // When
        rows.add(new Row(table, new Object[] {Utf8Text.of("7".repeat(3 * Chunk.BYTES))}));

        // Then
        assertThat(lengths).containsExactly(Chunk.BYTES, Chunk.BYTES, Chunk.BYTES);
        rows.end();
        assertThat(lengths).hasSize(4).last().isEqualTo(19 + 2 + 4 + 1 + 2);
    }

    private static Object parsed(ColumnType type, String value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case BOOLEAN -> Boolean.valueOf(value);
            case NUMBER -> Double.valueOf(value);
            case TIMESTAMP -> Instant.parse(value);
            case TEXT, JSON -> Utf8Text.of(value);
        };
    }

    private String hex() {
        return HexFormat.of().formatHex(sent.toByteArray());
    }
}
