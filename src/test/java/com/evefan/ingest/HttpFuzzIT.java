package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is sent: an answer that is no 5xx, and the good event beside it is taken. */
class HttpFuzzIT {
    private static final String SEED =
            "{\"writeKey\":\"wk_dev\",\"type\":\"track\",\"event\":\"E\",\"userId\":\"u\",\"timestamp\":\"2026-01-02T03:04:05Z\","
                    + "\"context\":{\"ip\":\"1.2.3.4\",\"locale\":\"de\"},\"properties\":{\"a\":[1,2.5e3,null,\"\\u00e4\"]}}";

    private static Path data;
    private static RunningEvefan evefan;

    @BeforeContainer
    static void start() throws Exception {
        data = Files.createTempDirectory("evefan-fuzz");
        evefan = RunningEvefan.start(data, Map.of());
    }

    @AfterContainer
    static void stop() {
        evefan.close();
    }

    @Property(tries = 300, seed = "20261123", shrinking = ShrinkingMode.OFF)
    void answersMutatedBodies(@ForAll("mutations") byte[] body) throws Exception {
        assertThat(status("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n", body))
                .isLessThan(500);
    }

    @Property(tries = 300, seed = "20261124", shrinking = ShrinkingMode.OFF)
    void keepsTheGoodEventBesideAnyOther(@ForAll("json") String other) throws Exception {
        // Given
        byte[] body = ("{\"batch\":[" + SEED + "," + other + "]}").getBytes(UTF_8);
        long before = accepted();

        // When
        int status = status("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n", body);

        // Then
        assertThat(status).isEqualTo(200);
        assertThat(accepted()).isGreaterThan(before);
    }

    @Property(tries = 300, seed = "20261125", shrinking = ShrinkingMode.OFF)
    void answersAnyPathAndHeader(@ForAll("ascii") String path, @ForAll("ascii") String value) throws Exception {
        String head =
                "POST /v1/" + path.replace(" ", "%20") + "?data=" + path.replace(" ", "") + " HTTP/1.1\r\nHost: x\r\n"
                        + "Authorization: " + value + "\r\nContent-Encoding: " + value + "\r\nX-Forwarded-For: " + value
                        + "\r\nOrigin: " + value + "\r\nContent-Length: 2\r\n\r\n";
        assertThat(status(head, "{}".getBytes(UTF_8))).isLessThan(500);
    }

    @Provide
    Arbitrary<byte[]> mutations() {
        return net.jqwik.api.Combinators.combine(
                        Arbitraries.integers().between(0, SEED.length() - 1),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.strings().ofMaxLength(8))
                .as((at, cut, insert) -> (SEED.substring(0, at)
                                + insert
                                + SEED.substring(Math.min(SEED.length(), at + cut)))
                        .getBytes(insert.length() % 2 == 0 ? UTF_8 : ISO_8859_1));
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> leaf = Arbitraries.of(
                "null",
                "true",
                "1e400",
                "-0",
                "\"\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "[]",
                "{}",
                "\"track\"",
                "{\"a\":{}}");
        Arbitrary<String> name = Arbitraries.of(
                "type",
                "event",
                "userId",
                "messageId",
                "timestamp",
                "context",
                "properties",
                "integrations",
                "__proto__",
                "",
                "sentAt");
        Arbitrary<String> object = net.jqwik.api.Combinators.combine(name, leaf)
                .as((member, value) -> "\"" + member + "\":" + value)
                .list()
                .ofMaxSize(6)
                .map(members -> "{" + String.join(",", members) + "}");
        return Arbitraries.oneOf(leaf, object);
    }

    @Provide
    Arbitrary<String> ascii() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .excludeChars('#', '?')
                .ofMaxLength(30);
    }

    private static long accepted() {
        return evefan.configuration().sources().counters().get("dev").accepted();
    }

    private static int status(String head, byte[] body) throws Exception {
        try (RawHttp connection = new RawHttp(evefan.configuration().http().port())) {
            RawHttp.Response response = connection.send(head).send(body).read();
            assertThat(response).as(head).isNotNull();
            return response.status();
        }
    }
}
