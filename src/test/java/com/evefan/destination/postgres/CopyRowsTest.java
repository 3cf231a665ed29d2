package com.evefan.destination.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.ColumnType;
import com.evefan.warehouse.Row;
import com.evefan.warehouse.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyRowsTest {
    private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";
    private static final String END = "ffff";

    @ParameterizedTest
    @CsvSource({
        "TEXT, é\\N, 00000004c3a95c4e",
        "TEXT, '', 00000000",
        "JSON, {}, 00000003017b7d",
        "BOOLEAN, true, 0000000101",
        "BOOLEAN, false, 0000000100",
        "TIMESTAMP, 2000-01-01T00:00:01.000002Z, 0000000800000000000f4242",
        "TIMESTAMP, 1999-12-31T23:59:59.999Z, 00000008fffffffffffffc18",
        "TEXT, , ffffffff"
    })
    void writesAFieldAsTheServerReadsIt(ColumnType type, String value, String hex) {
        // Given
        Table table = new Table("t", List.of(new Column("c", type)));
        CopyRows rows = new CopyRows();

        // When
        rows.add(new Row(table, new Object[] {parsed(type, value)}));
        rows.end();

        // Then
        assertThat(hex(rows)).isEqualTo(HEADER + "0001" + hex + END);
    }

    @Test
    void growsWithItsRows() {
        // Given
        Table table = new Table("t", List.of(new Column("c", ColumnType.TEXT)));
        CopyRows rows = new CopyRows();

        // When
        for (int i = 0; i < 10; i++) {
            rows.add(new Row(table, new Object[] {"x".repeat(100_000)}));
        }

        // Then
        assertThat(hex(rows)).hasSize(2 * (19 + 10 * (2 + 4 + 100_000))).endsWith("78");
    }

    private static Object parsed(ColumnType type, String value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case BOOLEAN -> Boolean.valueOf(value);
            case TIMESTAMP -> Instant.parse(value);
            case TEXT, JSON -> value;
        };
    }

    private static String hex(CopyRows rows) {
        return HexFormat.of().formatHex(Arrays.copyOf(rows.bytes(), rows.length()));
    }
}
