package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import com.evefan.event.Warning;
import com.evefan.ingest.Refusals.Refused;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused leaves a trace, and what need not be refused is taken. */
class RefusedRequestsIT {
    private static final String EVENT =
            "{\"writeKey\":\"wk_dev\",\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"%s\"%s}";

    @TempDir
    static Path data;

    private static RunningEvefan evefan;
    private static Client client;
    private static Sources sources;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.http.max-request-bytes", "10000",
                        "evefan.source.shop.write-key", "wk_shop",
                        "evefan.source.shop.allowed-origins", "https://shop.example"));
        client = Client.to(evefan);
        sources = evefan.configuration().sources();
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    private static long refused(String reason, String source) {
        return sources.refusals().counts().getOrDefault(new Refused(reason, source), 0L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            401 | unknown_key      |     | /v1/track                   | {"event":"E","userId":"u","writeKey":"no"}
            401 | unknown_key      |     | /v1/track                   | {}
            400 | malformed        |     | /v1/track                   | {"event
            400 | malformed        | dev | /v1/track?writeKey=wk_dev   | {"event
            400 | malformed        | dev | /v1/track                   | {"writeKey":"wk_dev"}
            404 | unknown_path     |     | /v1/what                    | {}
            404 | unknown_path     |     | /v2                         | {}
            405 | method           |     | /v1/projects/k/settings     | {}
            413 | too_large        | dev | /v1/track?writeKey=wk_dev   | large
            """)
    void countsWhatItRefuses(int status, String reason, String source, String path, String body) throws Exception {
        // Given
        String known = source == null ? "" : source;
        long before = refused(reason, known);

        // When
        HttpResponse<String> response = client.post(path, body.equals("large") ? "x".repeat(20_000) : body);

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(refused(reason, known)).isEqualTo(before + 1);
    }

    @Test
    void namesTheSourceOfAForbiddenPage() throws Exception {
        HttpResponse<String> response =
                client.send(client.request("/v1/page", "{\"writeKey\":\"wk_shop\",\"userId\":\"u\"}")
                        .header("Origin", "https://other.example"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(refused("forbidden_origin", "shop")).isEqualTo(1);
    }

    @Test
    void countsReportsOfSdks() throws Exception {
        long before = sources.sdkReports();

        assertThat(client.post("/v1/m", "{\"series\":[]}").statusCode()).isEqualTo(200);

        assertThat(sources.sdkReports()).isEqualTo(before + 1);
    }

    @Test
    void warnsOfWhatIsNotAsItsSenderMeantIt() throws Exception {
        // Given
        Map<Warning.Kind, Long> before = counters().warnings();
        String events = EVENT.formatted("w1", ",\"properties\":{\"v\":NaN}") + ","
                + EVENT.formatted("w2", ",\"timestamp\":\"31.12.2024\"") + ","
                + EVENT.formatted("w3", ",\"timestamp\":\"2024-01-01\",\"sentAt\":\"2100-01-01\"") + ","
                + EVENT.formatted("w4", ",\"properties\":{\"v\":007}");

        // When
        HttpResponse<String> response = client.post("/v1/batch", "{\"batch\":[" + events + "]}");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith(
                        "{\"success\":true,\"rejected\":[{\"index\":3,\"messageId\":\"w4\",\"error\":\"the event is no"
                                + " valid JSON at line 1, column ")
                .contains(
                        "\"warnings\":[{\"index\":0,\"messageId\":\"w1\",\"warning\":\"NaN at line 1, column 94 is no JSON;"
                                + " null stands in its place\"}")
                .contains(
                        "{\"index\":1,\"messageId\":\"w2\",\"warning\":\"timestamp not understood: 31.12.2024; the time"
                                + " of arrival stands in its place\"}")
                .contains("{\"index\":2,\"messageId\":\"w3\",\"warning\":\"sentAt is too far");
        for (Warning.Kind kind : EnumSet.complementOf(EnumSet.of(Warning.Kind.PLAN))) {
            assertThat(counters().warnings()).containsEntry(kind, before.get(kind) + 1);
        }
    }

    @Test
    void listsTheFirstOfManyWarnings() throws Exception {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            events.append(i == 0 ? "" : ",").append(EVENT.formatted("many-" + i, ",\"timestamp\":\"eh\""));
        }

        String answer = client.post("/v1/batch", "{\"batch\":[" + events + "]}").body();

        assertThat(answer).contains("many-19").doesNotContain("many-20").endsWith("\"moreWarnings\":10}");
    }

    private static SourceCounters counters() {
        return sources.counters().get("dev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "deflate", "bare"})
    void unpacksABody(String encoding) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = encoding.toLowerCase().contains("gzip")
                ? new GZIPOutputStream(packed)
                : new DeflaterOutputStream(packed, new Deflater(6, encoding.equals("bare")))) {
            out.write(EVENT.formatted("packed-" + encoding, "").getBytes(UTF_8));
        }

        HttpResponse<String> response = client.send(client.to("/v1/page")
                .header("Content-Encoding", encoding.equals("bare") ? "deflate" : encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray())));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void namesTheEncodingsThatItKnows() throws Exception {
        HttpResponse<String> response =
                client.send(client.request("/v1/page", "x").header("Content-Encoding", "br"));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.body()).contains("Content-Encoding must be gzip, deflate or missing");
        HttpResponse<String> broken =
                client.send(client.request("/v1/page", "x").header("Content-Encoding", "deflate"));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("the body is not valid deflate");
    }

    @Test
    void doesNotGuessAtTransferCodings() throws Exception {
        try (RawHttp raw = new RawHttp(evefan.configuration().http().port())) {
            raw.send("POST /v1/track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");

            RawHttp.Response response = raw.read();

            assertThat(response.status()).isEqualTo(501);
            assertThat(response.body()).contains("Transfer-Encoding must be chunked or missing");
            assertThat(raw.isClosedByServer()).isTrue();
        }
    }

    @Test
    void answersASenderThatHasClosedItsHalf() throws Exception {
        String body = EVENT.formatted("half", "");
        try (RawHttp raw = new RawHttp(evefan.configuration().http().port())) {
            raw.send("POST /v1/page HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .closeOutput();

            RawHttp.Response response = raw.read();

            assertThat(response).isNotNull();
            assertThat(response.status()).isEqualTo(200);
            assertThat(raw.isClosedByServer()).isTrue();
        }
        try (RawHttp raw = new RawHttp(evefan.configuration().http().port())) {
            raw.send(("POST /v1/page HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n" + body).getBytes(ISO_8859_1))
                    .closeOutput();

            assertThat(raw.isClosedByServer()).isTrue();
        }
    }
}
