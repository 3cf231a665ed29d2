package com.evefan;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, tokens, passwords and what events say: in no log line and no answer, also when everything fails. */
class SecretsIT {
    private static final String[] SECRETS = {
        "wk_secret_1",
        "token-secret-2",
        "password-secret-3",
        "payload-secret-4",
        "path-secret-5",
        "query-secret-6",
        "hmac-secret-7",
        "salt-secret-8",
        "account-secret-9"
    };

    private static final String CONTEXT =
            "/hawtio/jolokia/exec/org.apache.camel:context=evefan,name=%22evefan%22,type=context/";

    @TempDir
    Path directory;

    @Test
    void tellsNoSecretWhileDestinationsFail() throws Exception {
        // Given
        int nobody = RunningEvefan.freePort();
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.copy(Path.of("routes/examples/webhook.camel.yaml"), own.resolve("webhook.camel.yaml"));
        Properties properties = RunningEvefan.overrides(
                directory.resolve("data"),
                Map.ofEntries(
                        entry("evefan.source.shop.write-key", "wk_secret_1"),
                        entry("evefan.mixpanel.token", "token-secret-2"),
                        entry("evefan.mixpanel.base-url", "http://127.0.0.1:" + nobody),
                        entry("evefan.mixpanel.service-account", "user:account-secret-9"),
                        entry("evefan.mixpanel.project-id", "1"),
                        entry("evefan.privacy.salt", "salt-secret-8"),
                        entry("webhook.url", "http://127.0.0.1:" + nobody + "/path-secret-5?token=query-secret-6"),
                        entry("webhook.secret", "hmac-secret-7"),
                        entry(
                                "camel.main.routes-include-pattern",
                                "file:routes/ingest/*.camel.yaml,file:routes/pipeline/*.camel.yaml,"
                                        + "file:routes/operate/*.camel.yaml,file:routes/destinations/*.camel.yaml,file:"
                                        + own + "/*.camel.yaml"),
                        entry("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:" + nobody + "/evefan"),
                        entry("evefan.postgres.password", "password-secret-3")));
        String management = "http://127.0.0.1:" + properties.getProperty("camel.management.port");
        try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log"))) {
            // When
            String page = "{\"userId\":\"payload-secret-4\",\"name\":\"payload-secret-4\"}";
            String bad = "{\"type\":\"track\",\"name\":\"payload-secret-4\"}";
            assertThat(send(evefan.url() + "/v1/page?writeKey=wk_secret_1", page)
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> invalid = send(evefan.url() + "/v1/track?writeKey=wk_secret_1", bad);
            HttpResponse<String> unreadable =
                    send(evefan.url() + "/v1/track?writeKey=wk_secret_1", "{payload-secret-4");
            HttpResponse<String> unknown = send(evefan.url() + "/v1/track?writeKey=wk_secret_1x", page);

            // Then
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(evefan.output())
                            .contains(
                                    "Destination postgres fails",
                                    "Destination mixpanel fails",
                                    "Destination webhook fails"));
            assertThat(invalid.body() + unreadable.body() + unknown.body()).doesNotContain(SECRETS);
            for (String url : new String[] {
                evefan.url() + "/v1/health",
                management + "/v1/health",
                management + "/v1/dead-letters",
                management + "/observe/health?exposureLevel=full&data=true&stackTrace=true",
                management + "/observe/metrics",
                management + "/observe/info",
                management + "/q/dev/evefan",
                management + "/q/dev/health",
                management + "/q/dev/memory",
                management + "/q/dev/gc",
                management + "/hawtio/jolokia/list",
                management + "/hawtio/jolokia/search/*:*",
                management + "/hawtio/jolokia/read/com.evefan:*",
                management + "/hawtio/jolokia/read/org.apache.activemq:*",
                management + "/hawtio/jolokia/read/org.apache.camel:*",
                management + "/hawtio/jolokia/read/*:*?ignoreErrors=true",
                management + "/hawtio/jolokia/read/java.lang:*",
                management + CONTEXT + "dumpRoutesAsXml()",
                management + CONTEXT + "dumpRoutesAsXml(boolean)/true",
                management + CONTEXT + "dumpRoutesAsXml(boolean,boolean)/true/true",
                management + CONTEXT + "dumpRoutesAsYaml(boolean)/true"
            }) {
                HttpResponse<String> answer = get(url, properties);
                assertThat(answer.body()).as(url).isNotBlank().doesNotContain(SECRETS);
            }
            evefan.stop();
            assertThat(evefan.output()).doesNotContain(SECRETS);
        }
    }

    private static HttpResponse<String> send(String url, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String url, Properties properties)
            throws IOException, InterruptedException {
        Path data = Path.of(properties.getProperty("evefan.data.directory"));
        return send(HttpRequest.newBuilder(URI.create(url))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(data.resolve("admin.token")).strip()));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
