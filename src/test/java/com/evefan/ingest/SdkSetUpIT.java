package com.evefan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SDKs fetch before they send, and the paths of those that are not Segment's. */
class SdkSetUpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUNDLE = "/analytics.js/v1/wk_dev/analytics.min.js";
    private static final String PAGE = "https://page.example";
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("wk_dev:".getBytes(UTF_8));

    @TempDir
    static Path data;

    @TempDir
    static Path sdk;

    private static RunningEvefan evefan;
    private static Client client;

    private static KeyPair ofServer;

    @BeforeAll
    static void start() throws Exception {
        ofServer = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        Path key = Files.writeString(
                sdk.resolve("server.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(ofServer.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        evefan = RunningEvefan.start(
                data,
                Map.of(
                        "evefan.http.sdk-directory", sdk.toString(),
                        "evefan.http.path-aliases", "/x7=/v1, /x8=/analytics.js/v1",
                        "evefan.http.trusted-proxies", "127.0.0.1",
                        "evefan.source.server.write-key", "wk_server",
                        "evefan.source.server.oauth-key", key.toString(),
                        "evefan.source.server.oauth-required", "true",
                        "evefan.source.jitsu.write-key", "key:secret"));
        client = Client.to(evefan);
        Files.writeString(sdk.resolve("standalone.js"), "bundle()");
        Files.writeString(sdk.resolve("part.bundle.1.js"), "part()");
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @Test
    void servesTheBundleOfTheSnippetCachedCompressedAndToPagesOfAnyOrigin() throws Exception {
        HttpResponse<String> plain = client.send(client.to(BUNDLE).header("Origin", PAGE));
        String tag = plain.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> zipped = HttpClient.newHttpClient()
                .send(
                        client.to(BUNDLE).header("Accept-Encoding", "gzip, br").build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        HttpResponse<String> known = client.send(client.to(BUNDLE).header("If-None-Match", "W/" + tag));

        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.body()).contains("a._cdn=").endsWith("bundle()");
        assertThat(plain.headers().map())
                .containsEntry("content-type", java.util.List.of("text/javascript; charset=utf-8"))
                .containsEntry("cache-control", java.util.List.of("public, max-age=300"))
                .containsEntry("vary", java.util.List.of("Origin, Accept-Encoding"))
                .containsEntry("access-control-allow-origin", java.util.List.of(PAGE))
                .doesNotContainKeys("set-cookie", "content-encoding");
        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(), UTF_8))
                .isEqualTo(plain.body());
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
    }

    @Test
    void servesTheParts() throws Exception {
        HttpResponse<String> part = client.get("/analytics-next/bundles/part.bundle.1.js");

        assertThat(part.body()).isEqualTo("part()");
        assertThat(part.headers().firstValue("Cache-Control")).contains("public, max-age=31536000, immutable");
    }

    @ParameterizedTest
    @CsvSource({
        "/analytics.js/v1/nobody/analytics.min.js, write key",
        "/analytics.js/v1/wk_dev/other.js, analytics.min.js",
        "/analytics-next/bundles/missing.js, bin/fetch-sdk",
        "/analytics-next/bundles/.hidden.js, bin/fetch-sdk",
        "/analytics-next/bundles/standalone.css, bin/fetch-sdk"
    })
    void saysWhatIsNotThere(String path, String text) throws Exception {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"success\":false").contains(text);
    }

    @Test
    void namesItselfInTheSettingsAsTheRequestCameIn() throws Exception {
        JsonNode direct = segment(client.to("/v1/projects/wk_dev/settings"));
        JsonNode forwarded = segment(client.to("/x7/projects/wk_dev/settings")
                .header("X-Forwarded-Host", "events.example.org, inner")
                .header("X-Forwarded-Proto", "https"));
        JsonNode hostile = segment(client.to("/v1/projects/wk_dev/settings").header("X-Forwarded-Host", "evil\"/x"));

        assertThat(direct.path("protocol").asText() + "://"
                        + direct.path("apiHost").asText())
                .isEqualTo(evefan.url() + "/x7");
        assertThat(forwarded.path("protocol").asText()).isEqualTo("https");
        assertThat(forwarded.path("apiHost").asText()).isEqualTo("events.example.org/x7");
        assertThat(hostile.has("apiHost")).isFalse();
    }

    private static JsonNode segment(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("integrations").path("Segment.io");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sourceConfig?p=npm&v=3.34.1", "/sourceConfig/?p=android&v=1.27.0"})
    void tellsRudderStackWhereEventsGo(String path) throws Exception {
        JsonNode source = JSON.readTree(client.send(client.to(path).header("Authorization", BASIC))
                        .body())
                .path("source");

        assertThat(source.path("enabled").asBoolean()).isTrue();
        assertThat(source.path("destinations").isArray()).isTrue();
        assertThat(source.path("dataplanes").path("US").path(0).path("url").asText())
                .isEqualTo(evefan.url());
        assertThat(client.get(path).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/s/track, key:secret, 200",
        "/api/s/s2s/track, key:secret, 200",
        "/api/s/track, wk_dev:anything, 200",
        "/api/s/track, nobody:secret, 401",
        "/api/s/what, key:secret, 404"
    })
    void takesEventsOfJitsu(String path, String key, int status) throws Exception {
        String event = "{\"type\":\"track\",\"event\":\"E\",\"anonymousId\":\"a\",\"messageId\":\"" + path + key
                + "\",\"writeKey\":\"" + key + "\"}";

        HttpResponse<String> response = client.send(client.request(path, event).header("X-Write-Key", key));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Jitsu's; RudderStack's from the second attempt on: without them it never gets through again
                "content-type,x-write-key | content-type, x-write-key",
                "anonymousid, authorization,rsa-retry-attempt | anonymousid, authorization, rsa-retry-attempt",
                "none of a header's names; | authorization, content-type",
            })
    void letsPagesSendWhatHeadersTheyAskFor(String asked, String allowed) throws Exception {
        HttpResponse<String> preflight = client.send(client.to("/api/s/track")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", PAGE)
                .header("Access-Control-Request-Headers", asked));

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                .contains(allowed);
    }

    private static String assertion(PrivateKey by, String header, String claims) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = base64.encodeToString(header.replace('\'', '"').getBytes(UTF_8)) + "."
                + base64.encodeToString(claims.replace('\'', '"').getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(by);
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + base64.encodeToString(signature.sign());
    }

    /** Made as Segment's SDKs make it. */
    private static String claims(String source, String audience, long ends, String id) {
        long now = System.currentTimeMillis() / 1000;
        return "{'iss':'" + source + "','sub':'" + source + "','aud':'" + audience + "','iat':" + (now - 5) + ",'exp':"
                + (now + ends) + ",'jti':'" + id + "'}";
    }

    private static HttpResponse<String> token(String assertion) throws Exception {
        return client.send(client.request(
                "/token",
                "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        + "&client_assertion=" + assertion + "&scope=tracking_api:write"));
    }

    private static final String RS256 = "{'alg':'RS256','kid':'any','typ':'JWT'}";

    @Test
    void givesAServerAnAccessTokenWithWhichItSends() throws Exception {
        String assertion = assertion(ofServer.getPrivate(), RS256, claims("server", evefan.url(), 55, "once"));
        JsonNode answer = JSON.readTree(token(assertion).body());
        String token = answer.path("access_token").asText();
        String event = "{\"userId\":\"u\",\"event\":\"E\",\"messageId\":\"%s\",\"writeKey\":\"wk_server\"}";

        assertThat(answer.path("expires_in").asInt()).as(answer.toString()).isEqualTo(86400);
        assertThat(answer.path("token_type").asText()).isEqualTo("Bearer");
        HttpResponse<String> sent = client.send(
                client.request("/v1/track", event.formatted("oauth")).header("Authorization", "Bearer " + token));
        HttpResponse<String> byKeyOnly = client.post("/v1/track", event.formatted("key"));
        HttpResponse<String> forged = client.send(client.request("/v1/track", event.formatted("forged"))
                .header("Authorization", "Bearer " + token.substring(0, token.length() - 4) + "AAAA"));
        HttpResponse<String> byAssertion = client.send(
                client.request("/v1/track", event.formatted("a")).header("Authorization", "Bearer " + assertion));
        HttpResponse<String> twice = token(assertion);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(200);
        assertThat(byKeyOnly.body()).contains("source server takes events with an access token only");
        assertThat(byKeyOnly.statusCode()).isEqualTo(401);
        assertThat(forged.statusCode()).isEqualTo(401);
        assertThat(forged.body()).contains("the access token is over");
        assertThat(byAssertion.statusCode()).isEqualTo(401);
        assertThat(twice.statusCode()).isEqualTo(401);
        assertThat(twice.body()).contains("the assertion was used before");
    }

    @Test
    void givesNoAccessTokenToAnybodyElse() throws Exception {
        PrivateKey other = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        PrivateKey own = ofServer.getPrivate();
        String here = evefan.url();

        assertThat(token(assertion(other, RS256, claims("server", here, 55, "1")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(token(assertion(own, RS256, claims("dev", here, 55, "2"))).statusCode())
                .isEqualTo(401);
        assertThat(token(assertion(own, "{'alg':'none'}", claims("server", here, 55, "3")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(token(assertion(own, "{'alg':'HS256'}", claims("server", here, 55, "4")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(token(assertion(own, RS256, claims("server", here, -60, "5")))
                        .body())
                .contains("that is good now");
        assertThat(token(assertion(own, RS256, claims("server", here, 4000, "6")))
                        .body())
                .contains("exp must be at most 300 seconds away");
        assertThat(token(assertion(own, RS256, claims("server", "https://elsewhere", 55, "7")))
                        .body())
                .contains("aud must be " + here + ", was https://elsewhere");
        assertThat(token(assertion(own, RS256, claims("server", here, 55, ""))).body())
                .contains("must have a jti");
        assertThat(token("a.b").statusCode()).isEqualTo(401);
        assertThat(token("%zz").body()).contains("percent-encoded");
        assertThat(client.post("/token", "grant_type=password").body()).contains("unsupported_grant_type");
        assertThat(client.post("/token", "").statusCode()).isEqualTo(400);
    }

    @Test
    void takesEventsUnderAnotherName() throws Exception {
        HttpResponse<String> response =
                client.post("/x7/t?writeKey=wk_dev", "{\"event\":\"E\",\"userId\":\"u\",\"messageId\":\"alias\"}");
        HttpResponse<String> script = client.get("/x8/wk_dev/analytics.min.js");

        assertThat(response.body()).isEqualTo("{\"success\":true}");
        assertThat(script.body()).endsWith("bundle()");
        assertThat(client.get("/x77/t").statusCode()).isEqualTo(404);
    }
}
