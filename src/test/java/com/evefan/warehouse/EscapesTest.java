package com.evefan.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            "a\\u0000b"                    | "ab"
            "\\ud800"                      | ""
            "\\uDFFF\\uD800x"              | "x"
            "\\ud83d\\u0000\\ude00"        | ""
            "\\ud83d\\ud83d\\ude00\\ude00" | "\\ud83d\\ude00"
            "\\\\\\u0000"                  | "\\\\"
            {"k\\u0000":["\\u0000","é"]}   | {"k":["","é"]}
            """)
    void dropsWhatNoWarehouseHolds(String json, String expected) {
        // When
        byte[] clean = Escapes.clean(json.getBytes(UTF_8));

        // Then
        assertThat(new String(clean, UTF_8)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"plain\"",
                "\"\\ud83d\\ude00\"",
                "\"\\uD83D\\uDE00\\u00e9\"",
                "\"a\\\\u0000\"",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0001\\ud7ff\\ue000\""
            })
    void leavesWhatStandsForCharacters(String json) {
        // Given
        byte[] bytes = json.getBytes(UTF_8);

        // When / Then
        assertThat(Escapes.clean(bytes)).isSameAs(bytes);
    }

    @Test
    void findsAnEscapeWhereverItStands() {
        for (int before = 0; before < 20; before++) {
            // Given
            String json = "\"" + "x".repeat(before) + "\\u0000" + "y".repeat(before % 9) + "\"";

            // When
            byte[] clean = Escapes.clean(json.getBytes(UTF_8));

            // Then
            assertThat(new String(clean, UTF_8)).isEqualTo(json.replace("\\u0000", ""));
        }
    }
}
