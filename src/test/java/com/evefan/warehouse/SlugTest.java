package com.evefan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SlugTest {
    @ParameterizedTest
    @MethodSource("slugifiedNames")
    void isThatOfTheJavaScriptLibrary(String name, String slug) {
        assertThat(Slug.of(name)).isEqualTo(slug);
    }

    @ParameterizedTest
    @CsvSource({"Order Completed,order_completed", "a\u0301bc,abc", "\ud800x,x", "'',''", "A\u2009B\u00a0C,a_b_c"})
    void joinsWordsInLowerCase(String name, String slug) {
        assertThat(Slug.of(name)).isEqualTo(slug);
    }

    @Test
    void neverBeginsOrEndsWithTheSeparator() {
        assertThat(Slug.of(" _ A _ b _ ")).isEqualTo("a_b");
    }

    /** What slugify 1.6.6 made of these names. */
    static List<Object[]> slugifiedNames() throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(SlugTest.class.getResourceAsStream("slugs.jsonl"), StandardCharsets.UTF_8))) {
            List<Object[]> names = new java.util.ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode pair = json.readTree(line);
                names.add(new Object[] {pair.get(0).asText(), pair.get(1).asText()});
            }
            return names;
        }
    }
}
