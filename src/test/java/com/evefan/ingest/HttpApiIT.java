package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every endpoint, as senders meet it. */
class HttpApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path data;

    private static RunningEvefan evefan;
    private static Client client;
    private static Rows rows;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.source.shop.write-key", "wk_shop",
                        "evefan.source.off.write-key", "wk_off",
                        "evefan.source.off.enabled", "false"));
        client = Client.to(evefan);
        rows = new Rows(evefan);
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/track",
                "/v1/t",
                "/v1/track/",
                "/v1/t/",
                "/v1/batch",
                "/v1/b",
                "/v1/import",
                "/v1/import/",
                "/beacon/v1/batch",
                "/beacon/v1/batch/"
            })
    void takesEventsAtEveryPath(String path) throws Exception {
        // Given
        String id = "path-" + path;
        String event = "{\"type\":\"track\",\"event\":\"A\",\"userId\":\"u\",\"messageId\":\"" + id + "\"}";
        String body = path.matches(".*/(b|batch|import)/?") ? "{\"batch\":[" + event + "]}" : event;

        // When
        HttpResponse<String> response = client.post(path + "?writeKey=wk_dev", body);

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"success\":true}");
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(t -> assertThat(t).startsWith("application/json"));
        rows.awaitOne("tracks", id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "nonsense; charset=none"
            })
    void readsJsonWhateverItIsCalled(String type) throws Exception {
        // When
        HttpResponse<String> response = client.send(
                client.request("/v1/page?writeKey=wk_dev", "{\"userId\":\"u\"}").header("Content-Type", type));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void readsGzip() throws Exception {
        // Given
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("{\"userId\":\"u\",\"messageId\":\"gz\",\"writeKey\":\"wk_dev\"}".getBytes(UTF_8));
        }

        // When
        HttpResponse<String> response = client.send(client.to("/v1/identify")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray())));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        rows.awaitOne("identifies", "gz");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic d2tfZGV2Og==   |            |            | 200",
                "basic d2tfZGV2        |            |            | 200",
                "                      | wk_dev     |            | 200",
                "                      |            | wk_dev     | 200",
                "                      |            | wk%5Fdev   | 200",
                "Basic d2tfZGV2Og==   | wk_shop    |            | 200",
                "Basic d2tfZGV2Og==   | nope       |            | 401",
                "Basic bm9wZTo=        | wk_dev     |            | 401",
                "                      |            |            | 401",
                "Basic !!!             |            |            | 401",
                "Bearer d2tfZGV2       | wk_dev     |            | 401",
                "                      | wk_off     |            | 401",
                "                      | WK_DEV     |            | 401",
            })
    void knowsSourcesByTheirWriteKey(String header, String body, String query, int status) throws Exception {
        // Given
        String key = body == null ? "" : ",\"writeKey\":\"" + body + "\"";
        HttpRequest.Builder request = client.request(
                "/v1/page" + (query == null ? "" : "?writeKey=" + query), "{\"userId\":\"u\"" + key + "}");
        if (header != null) {
            request.header("Authorization", header);
        }

        // When
        HttpResponse<String> response = client.send(request);

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body() + response.headers().map()).doesNotContainIgnoringCase("wk_");
        if (status == 401) {
            assertThat(JSON.readTree(response.body()).get("success").asBoolean())
                    .isFalse();
        }
    }

    @Test
    void takesAHeaderOrAParameterThatComesTwice() throws Exception {
        // When
        HttpResponse<String> twice =
                client.send(client.request("/v1/page?writeKey=wk_dev&writeKey=wk_dev", "{\"userId\":\"u\"}")
                        .header("Authorization", "Basic d2tfZGV2Og==")
                        .header("Authorization", "Basic d2tfZGV2Og=="));
        HttpResponse<String> different = client.post("/v1/page?writeKey=wk_dev&writeKey=nope", "{\"userId\":\"u\"}");

        // Then
        assertThat(twice.statusCode()).isEqualTo(200);
        assertThat(different.statusCode()).isEqualTo(401);
    }

    @Test
    void keepsTheGoodEventsOfARequestAndReportsTheBad() throws Exception {
        // When
        HttpResponse<String> mixed = client.post(
                "/v1/batch?writeKey=wk_dev",
                "{\"batch\":[{\"type\":\"track\",\"userId\":\"u\",\"messageId\":\"bad\"},"
                        + "{\"type\":\"page\",\"userId\":\"u\",\"messageId\":\"good\"}]}");
        HttpResponse<String> allBad = client.post("/v1/track?writeKey=wk_dev", "{\"userId\":\"u\"}");

        // Then
        assertThat(mixed.statusCode()).isEqualTo(200);
        assertThat(mixed.body())
                .isEqualTo("{\"success\":true,\"rejected\":[{\"index\":0,\"messageId\":\"bad\","
                        + "\"error\":\"event is required on a track call\"}]}");
        assertThat(allBad.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(allBad.body()).get("error").asText()).isEqualTo("event is required on a track call");
        rows.awaitOne("pages", "good");
    }

    @Test
    void takesTheEventsOfPixelsAndAnswersAnImage() throws Exception {
        // Given
        String event = "{\"writeKey\":\"wk_dev\",\"userId\":\"u?>\",\"event\":\"Opened\",\"messageId\":\"pixel\"}";
        String data = Base64.getEncoder().encodeToString(event.getBytes(UTF_8));

        // When
        HttpResponse<byte[]> pixel = image("/v1/pixel/track?data=" + data);
        HttpResponse<byte[]> rudder = image("/pixel/v1/page?writeKey=wk_dev&userId=u&messageId=pixel-2&call=x");

        // Then
        assertThat(pixel.statusCode()).isEqualTo(200);
        assertThat(rudder.statusCode()).isEqualTo(200);
        rows.awaitOne("tracks", "pixel");
        rows.awaitOne("pages", "pixel-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/pixel/track",
                "/v1/pixel/nothing",
                "/v1/pixel/track?data=%25%25",
                "/v1/pixel/track?data=%%",
                "/v1/pixel/track?data=bm9wZQ",
                "/pixel/v1/page?writeKey=nope"
            })
    void answersAnImageToPixelsThatAreNone(String path) throws Exception {
        try (RawHttp raw = new RawHttp(evefan.configuration().http().port())) {
            RawHttp.Response response =
                    raw.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Content-Type")).isEqualTo("image/gif");
        }
    }

    @Test
    void takesWhatSdksSayAboutThemselvesAndKeepsNothing() throws Exception {
        assertThat(client.post("/v1/m", "{\"series\":[]}").body()).isEqualTo("{\"success\":true}");
        assertThat(client.post("/v1/m", "anything").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/track, 405", "PUT, /v1/track, 405", "DELETE, /v1/batch, 405",
                "POST, /v1/projects/wk_dev/settings, 405",
        "GET, /, 404", "POST, /v1/nothing, 404", "POST, /V1/track, 404", "POST, /v1/track/more, 404",
    })
    void answersWhatItDoesNotHaveInJson(String method, String path, int status) throws Exception {
        // When
        HttpResponse<String> response =
                client.send(client.to(path).method(method, HttpRequest.BodyPublishers.ofString("{}")));

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).get("error").asText()).isNotBlank();
    }

    @Test
    void letsNothingOfARequestBackOut() throws Exception {
        // When
        HttpResponse<String> response =
                client.send(client.request("/v1/page?writeKey=wk_dev&x-mine=1", "{\"userId\":\"u\"}")
                        .header("X-Secret", "s3cret")
                        .header("CamelHttpResponseCode", "500"));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().map().toString())
                .doesNotContainIgnoringCase("secret")
                .doesNotContain("mine");
    }

    @Test
    void takesTheWordOfNoProxyThatNobodyTrusts() throws Exception {
        // When
        client.send(client.request(
                        "/v1/page?writeKey=wk_dev",
                        "{\"userId\":\"u\",\"messageId\":\"forwarded\",\"channel\":\"browser\"}")
                .header("X-Forwarded-For", "203.0.113.7"));

        // Then
        rows.awaitOne("pages", "forwarded");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(rows.text("select context_ip from pages where id = 'forwarded'"))
                        .isEqualTo("127.0.0.1"));
    }

    private static HttpResponse<byte[]> image(String path) throws Exception {
        return HttpClient.newHttpClient().send(client.to(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
