package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Takes what Jackson takes, refuses what it refuses, and sees the same in it. */
class JsonScannerTest {
    private static final int ROUNDS = 20_000;
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\"a\":",
        "true",
        "false",
        "null",
        "tru",
        "-0",
        "01",
        "1.",
        "1e+5",
        "-1.5E-3",
        "\"\\u00e4\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud800\":1,",
        "\\u12",
        "\\x",
        "\u00e4",
        "\uD83D\uDE00",
        "\t",
        "\n",
        "\r",
        " ",
        "\u0001",
        "\u007f",
        "\u0000",
        "[[[[]]]]",
        "{\"b\":{}}",
        "\"seven77\"",
        "\"eight888\"",
        "\"nine\\n9999\""
    };

    private final Random random = new Random(20261126);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " [ ] ",
                "\"\"",
                "\"1234567\"",
                "\"12345678\"",
                "\"12\\\"345678\"",
                "0",
                "-0.0e-0",
                "{\"a\":[1,{\"b\":null}],\"\\u0061\":\"x\"}",
                "\r\n{\"\u00e4\" :\ttrue , \"\":\"\uD83D\uDE00 and more of it\"}\n"
            })
    void seesWhatAParserSees(String json) throws Exception {
        assertThat(scanned(json.getBytes(UTF_8))).isEqualTo(parsed(json.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[1",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{,}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{a:1}",
                "{1:1}",
                "{\"a\":1]",
                "[1}",
                "\"",
                "\"\\",
                "\"\\u",
                "\"\\u12g4\"",
                "\"\\a\"",
                "\"a\nb\"",
                "\"1234567\u0001\"",
                "+1",
                "-",
                "01",
                "1.",
                ".5",
                "1e",
                "1e+",
                "tru",
                "truex",
                "nul",
                "NaN",
                "'a'",
                "1 1",
                "{} {}",
                "{\"\\ud800\":1}",
                "\u00e4"
            })
    void refusesWhatIsNoJson(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        assertThatThrownBy(() -> scanned(bytes)).isInstanceOf(NotJsonException.class);
        assertThatThrownBy(() -> parsed(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void agreesWithAParserOnWhateverIsSent() throws Exception {
        List<byte[]> seeds = SdkRequests.sample().stream()
                .map(request -> request.body().getBytes(UTF_8))
                .filter(body -> body.length < 3_000)
                .toList();
        int sound = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] json = Utf8.wellFormed(i % 2 == 0 ? mutated(seeds.get(random.nextInt(seeds.size()))) : assembled());
            List<String> expected = parsedOrNone(json);
            assertThat(scannedOrNone(json)).as(() -> new String(json, UTF_8)).isEqualTo(expected);
            sound += expected.isEmpty() ? 0 : 1;
        }
        assertThat(sound).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
    }

    @Test
    void measuresNumbersNamesAndDepth() throws Exception {
        String longName = "\u00e4".repeat(200);
        JsonScanner scanner = scanner("{\"n\\u0061me\\ud83d\\ude00\":[[-123.5]],\"" + longName + "\":1e-400}");
        scanner.skip();

        assertThat(scanner.levels().deepest()).isEqualTo(3);
        assertThat(scanner.longestNumber()).isEqualTo(6);
        assertThat(scanner.longestName()).isEqualTo(200);
        assertThat(scanner.hasOrdinaryNumbers()).isFalse();
        assertThat(scanner.hasNonAscii()).isTrue();
        assertThat(scanner.hasDoubtfulEscapes()).isFalse();
        assertThat(scanner.hasLineBreaks()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud83d", "\\uDC00", "\\uD83D\\uD83D\\uDE00", "\\uDE00\\uD83D"})
    void noticesEscapesOfWhatNoTextCanHave(String escape) throws Exception {
        JsonScanner scanner = scanner("[\"\\u0061\\uD83D\\uDE00" + escape + "\",\"\\u0061\"]");
        scanner.skip();

        assertThat(scanner.hasDoubtfulEscapes()).isTrue();
    }

    @Test
    void noticesOneCharacterBeyondAsciiWhereverItStands() throws Exception {
        for (int before = 0; before < 20; before++) {
            for (int after = 0; after < 20; after++) {
                String text = "\"" + "a".repeat(before) + "\u00e4" + "b".repeat(after) + "\"";
                assertThat(scanner(text).hasNonAscii()).isTrue();
                assertThat(scanner(text.replace('\u00e4', 'c')).hasNonAscii()).isFalse();
            }
        }
    }

    @Test
    void goesAsDeepAsMemoryDoes() throws Exception {
        String json = "[".repeat(100_000) + "{}" + "]".repeat(100_000);
        JsonScanner scanner = scanner(json);
        scanner.skip();
        assertThat(scanner.atEnd()).isTrue();
        assertThat(scanner.levels().deepest()).isEqualTo(100_001);
    }

    private static JsonScanner scanner(String json) throws NotJsonException {
        byte[] bytes = json.getBytes(UTF_8);
        return new JsonScanner(bytes, 0, bytes.length);
    }

    /** What stands in {@code json}: kinds of values, names, and where every value begins and ends. */
    private static List<String> scanned(byte[] json) throws NotJsonException {
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        List<String> seen = new ArrayList<>();
        note(scanner, seen);
        if (!scanner.atEnd()) {
            throw new NotJsonException();
        }
        return seen;
    }

    private static void note(JsonScanner scanner, List<String> seen) throws NotJsonException {
        JsonToken token = scanner.token();
        int start = scanner.start();
        if (scanner.isObject()) {
            seen.add("{" + start);
            while (scanner.nextMember()) {
                seen.add(scanner.name());
                note(scanner, seen);
            }
            seen.add("}" + scanner.position());
        } else if (scanner.isArray()) {
            seen.add("[" + start);
            while (scanner.nextElement()) {
                note(scanner, seen);
            }
            seen.add("]" + scanner.position());
        } else {
            seen.add(kind(token) + " " + start + " " + scanner.text());
        }
    }

    private static List<String> parsed(byte[] json) throws IOException {
        List<String> seen = new ArrayList<>();
        int values = 0;
        try (JsonParser parser = Json.parser(json, 0, json.length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                seen.add(token == JsonToken.FIELD_NAME ? parser.currentName() : seen(parser, token));
                values += parser.getParsingContext().inRoot() ? 1 : 0; // scalars, and ends
            }
        }
        if (values != 1) {
            throw new IOException(values + " values");
        }
        return seen;
    }

    private static String seen(JsonParser parser, JsonToken token) throws IOException {
        long start = parser.currentTokenLocation().getByteOffset();
        return switch (token) {
            case START_OBJECT -> "{" + start;
            case END_OBJECT -> "}" + (start + 1);
            case START_ARRAY -> "[" + start;
            case END_ARRAY -> "]" + (start + 1);
            default -> kind(token) + " " + start + " " + parser.getText();
        };
    }

    private static JsonToken kind(JsonToken token) {
        return token.isNumeric() ? JsonToken.VALUE_NUMBER_INT : token;
    }

    private static List<String> scannedOrNone(byte[] json) {
        try {
            return scanned(json);
        } catch (NotJsonException e) {
            return List.of();
        }
    }

    private static List<String> parsedOrNone(byte[] json) {
        try {
            return parsed(json);
        } catch (IOException e) {
            return List.of();
        }
    }

    private byte[] mutated(byte[] seed) {
        String text = new String(seed, UTF_8);
        int at = random.nextInt(text.length());
        String piece = random.nextInt(3) == 0 ? "" : PIECES[random.nextInt(PIECES.length)];
        int to = Math.min(text.length(), at + random.nextInt(3));
        return (text.substring(0, at) + piece + text.substring(to)).getBytes(UTF_8);
    }

    /** Short texts of random pieces, of which some are sound. */
    private byte[] assembled() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "[" : "{\"a\":");
        for (int pieces = random.nextInt(4); pieces > 0; pieces--) {
            text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextInt(3) == 0 ? "," : "");
        }
        return text.append(text.charAt(0) == '[' ? "]" : "}").toString().getBytes(UTF_8);
    }
}
