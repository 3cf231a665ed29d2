package com.evefan.ingest;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source allows: pages, rates, what is kept of its events, whose word about the sender is taken. */
class SourceRulesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PAGE_ORIGIN = "https://shop.example.org";

    @TempDir
    static Path data;

    private static RunningEvefan evefan;
    private static Client client;
    private static Rows rows;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                data,
                Map.ofEntries(
                        entry("evefan.source.shop.write-key", "wk_shop"),
                        entry("evefan.source.shop.allowed-origins", PAGE_ORIGIN),
                        entry("evefan.source.off.write-key", "wk_off"),
                        entry("evefan.source.off.enabled", "false"),
                        entry("evefan.source.slow.write-key", "wk_slow"),
                        entry("evefan.source.slow.rate-limit", "1"),
                        entry("evefan.source.strict.write-key", "wk_strict"),
                        entry("evefan.source.strict.rate-limit", "1"),
                        entry("evefan.source.discreet.write-key", "wk_discreet"),
                        entry("evefan.source.discreet.drop", "context.ip, properties.card"),
                        entry("evefan.source.discreet.hash", "userId"),
                        entry("evefan.privacy.salt", "pepper"),
                        entry("evefan.http.trusted-proxies", "127.0.0.1, 10.0.0.0/8"),
                        entry("evefan.enrichment.country-header", "CF-IPCountry"),
                        entry("evefan.postgres.consent", "analytics"),
                        entry("evefan.enrichment.user-agent", "true")));
        client = Client.to(evefan);
        rows = new Rows(evefan);
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @Test
    void keepsOfADiscreetSourceOnlyWhatMayBeKept() throws Exception {
        // When
        client.post(
                "/v1/track?writeKey=wk_discreet",
                "{\"userId\":\"ada\",\"event\":\"E\",\"messageId\":\"discreet\",\"properties\":{\"card\":\"4111\",\"n\":1}}");

        // Then
        rows.awaitOne("tracks", "discreet:discreet");
        String row = rows.text("select to_json(t)::text from tracks t where id = 'discreet:discreet'");
        assertThat(row).doesNotContain("4111", "ada", "127.0.0.1");
        assertThat(JSON.readTree(row).get("user_id").asText()).hasSize(64);
    }

    @Test
    void leavesOutOfADestinationWhatItsUserDoesNotConsentTo() throws Exception {
        // When
        String event = "{\"userId\":\"u\",\"event\":\"E\",\"messageId\":\"%s\",\"context\":"
                + "{\"consent\":{\"categoryPreferences\":{\"analytics\":%s}}}}";
        client.post("/v1/track?writeKey=wk_dev", event.formatted("refused", false));
        client.post("/v1/track?writeKey=wk_dev", event.formatted("given", true));

        // Then
        rows.awaitOne("tracks", "given");
        assertThat(rows.text("select count(*) from tracks where id = 'refused'"))
                .isEqualTo("0");
        assertThat(rows.text("select context::jsonb -> 'consent' from tracks where id = 'given'"))
                .contains("\"analytics\": true");
        JsonNode health = JSON.readTree(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(evefan.managementUrl() + "/v1/health"))
                                .header("Authorization", "Bearer " + evefan.adminToken())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        assertThat(health.at("/destinations/postgres/leftOut").asInt())
                .as(health.toString())
                .isEqualTo(1);
    }

    @Test
    void keepsAnEventWhoseIdAnotherSourceHasSentBefore() throws Exception {
        // When
        String event = "{\"userId\":\"%s\",\"event\":\"Order Completed\",\"messageId\":\"order-4711\"}";
        client.post("/v1/track?writeKey=wk_shop", event.formatted("attacker"));
        client.post("/v1/track?writeKey=wk_dev", event.formatted("ada"));

        // Then
        rows.awaitOne("tracks", "order-4711");
        rows.awaitOne("tracks", "shop:order-4711");
    }

    @Test
    void limitsTheRateOfASource() throws Exception {
        // When
        String page = "{\"type\":\"page\",\"userId\":\"u\"}";
        client.post("/v1/batch?writeKey=wk_slow", "{\"batch\":[" + (page + ",").repeat(20) + page + "]}");
        HttpResponse<String> response =
                client.post("/v1/batch?writeKey=wk_slow", "{\"batch\":[{\"type\":\"page\",\"userId\":\"u\"}]}");

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
        assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(response.body()).contains("\"success\":false");
    }

    @Test
    void takesNothingOfTheRateForInvalidEvents() throws Exception {
        // When
        client.post("/v1/batch?writeKey=wk_strict", "{\"batch\":[" + "1,".repeat(999) + "1]}");
        HttpResponse<String> response = client.post("/v1/page?writeKey=wk_strict", "{\"userId\":\"u\"}");

        // Then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void answersPreflightsByName() throws Exception {
        // When
        HttpResponse<String> response = client.send(client.to("/v1/t")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://localhost:3000")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-retry-count"));

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
        assertThat(header(response, "Access-Control-Allow-Headers").split(", "))
                .containsExactly("authorization", "x-retry-count");
        assertThat(header(response, "Access-Control-Allow-Methods")).contains("POST");
        assertThat(header(response, "Access-Control-Expose-Headers")).isEqualTo("Retry-After");
        assertThat(Integer.parseInt(header(response, "Access-Control-Max-Age"))).isPositive();
    }

    @Test
    void tellsPagesTheirErrorsToo() throws Exception {
        for (String path : new String[] {"/v1/track", "/nothing", "/v1/projects/nope/settings"}) {
            HttpResponse<String> response =
                    client.send(client.request(path, "no JSON").header("Origin", "http://localhost:3000"));
            assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("http://localhost:3000");
            assertThat(JSON.readTree(response.body()).get("error").asText()).isNotBlank();
        }
    }

    @Test
    void takesEventsOnlyFromPagesThatTheirSourceAllows() throws Exception {
        // When
        HttpResponse<String> allowed = client.send(client.request("/v1/page?writeKey=wk_shop", "{\"userId\":\"u\"}")
                .header("Origin", PAGE_ORIGIN));
        HttpResponse<String> other = client.send(client.request("/v1/page?writeKey=wk_shop", "{\"userId\":\"u\"}")
                .header("Origin", "https://evil.example"));

        // Then
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(other.statusCode()).isEqualTo(403);
    }

    @Test
    void answersTheSettingsOfASource() throws Exception {
        // When
        HttpResponse<String> response = client.get("/v1/projects/wk_dev/settings");
        HttpResponse<String> unknown = client.get("/v1/projects/nope/settings");
        HttpResponse<String> off = client.get("/v1/projects/wk_off/settings");

        // Then
        JsonNode settings = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(settings.get("integrations").size()).isEqualTo(1);
        assertThat(settings.at("/integrations/Segment.io/apiKey").asText()).isEqualTo("wk_dev");
        assertThat(settings.at("/integrations/Segment.io/apiHost").asText()).endsWith("/v1");
        assertThat(settings.at("/metrics/sampleRate").asInt(-1)).isZero();
        assertThat(header(response, "Cache-Control")).contains("max-age");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(off.statusCode()).isEqualTo(404);
    }

    @Test
    void takesTheWordOfATrustedProxyForTheSendersAddressAndPlace() throws Exception {
        // When
        client.send(client.request(
                        "/v1/page?writeKey=wk_shop",
                        "{\"userId\":\"u\",\"messageId\":\"forwarded\",\"channel\":\"browser\"}")
                .header("X-Forwarded-For", "198.51.100.1, 203.0.113.7, 10.1.2.3")
                .header("CF-IPCountry", "SE"));

        // Then
        rows.awaitOne("pages", "shop:forwarded");
        assertThat(rows.text("select context_ip from pages where id = 'shop:forwarded'"))
                .isEqualTo("203.0.113.7");
        assertThat(rows.text("select context #>> '{location,country}' from pages where id = 'shop:forwarded'"))
                .isEqualTo("SE");
    }

    @Test
    void saysWhatTheUserAgentIs() throws Exception {
        // Given
        String firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";

        // When
        client.post(
                "/v1/page?writeKey=wk_shop",
                "{\"userId\":\"u\",\"messageId\":\"browser\",\"context\":{\"userAgent\":\"" + firefox + "\"}}");

        // Then
        rows.awaitOne("pages", "shop:browser");
        assertThat(rows.text("select to_json(pages)::text from pages where id = 'shop:browser'"))
                .contains("Firefox", "141");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
