package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final String ORDER = "{\"type\":\"track\",\"messageId\":\"m1\",\"userId\":\"ada\","
            + "\"timestamp\":\"2026-11-01T10:00:00Z\",\"event\":\"Order Completed\",\"properties\":{\"total\":12}%s}";

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startWhatMustGetNothing() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        settings.put("evefan.data.directory", directory.resolve("data").toString());
        settings.put("camel.main.routes-include-pattern", routes());
        settings.put("webhook.url", url + "/in");
        settings.put("webhook.secret", "s3cret");
        settings.put("filter.url", url);
        settings.put("slack.url", url);
        settings.put("evefan.mixpanel.token", "t0ken");
        settings.put("evefan.mixpanel.base-url", url);
        settings.put("evefan.bigquery.project", "shop");
        settings.put("evefan.bigquery.credentials", "none");
        settings.put("evefan.bigquery.endpoint", url);
        settings.put("evefan.source.web.write-key", "wk_web");
        settings.put("evefan.source.web.drop", "properties.card");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String routes() throws IOException {
        Path destinations = Files.createDirectories(directory.resolve("destinations"));
        for (String example : List.of("webhook", "filter", "slack", "file")) {
            String file = example + ".camel.yaml";
            Files.copy(Path.of("routes", "examples", file), destinations.resolve(file));
        }
        return RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/*.camel.yaml,file:" + destinations
                + "/*.camel.yaml";
    }

    private CommandLine.Result explain(String input, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "explain";
        System.arraycopy(words, 0, all, 1, words.length);
        return CommandLine.run(settings, input, all);
    }

    /** The part of the output that is about {@code destination}. */
    private static String of(String destination, CommandLine.Result result) {
        int start = result.output().indexOf("  " + destination + ": ");
        assertThat(start).as(result.output() + result.problems()).isNotNegative();
        int end = start;
        do {
            end = result.output().indexOf('\n', end + 1);
        } while (end >= 0 && result.output().startsWith("\n      ", end));
        return result.output().substring(start, end < 0 ? result.output().length() : end);
    }

    @Test
    void showsTheExactRowAndRequestThatEachDestinationWouldGetAndSendsNothing() {
        // When
        CommandLine.Result result = explain(ORDER.formatted(""));

        // Then
        assertThat(result.exitCode()).as(result.problems()).isZero();
        assertThat(result.output()).startsWith("track m1");
        for (String warehouse : List.of("postgres", "bigquery")) {
            assertThat(of(warehouse, result))
                    .contains(warehouse + ": yes")
                    .contains(warehouse.equals("postgres") ? "a row of public.tracks" : "a row of evefan.tracks")
                    .contains("\n        id: m1\n")
                    .contains("\n        original_timestamp: 2026-11-01T10:00:00Z\n")
                    .contains("\n        user_id: ada\n")
                    .contains("\n        event: order_completed\n")
                    .contains("\n        event_text: Order Completed");
        }
        assertThat(of("postgres", result))
                .contains("\n        properties: {\"total\":12}")
                .doesNotContain("extra_fields");
        assertThat(of("bigquery", result))
                .contains("\n        extra_fields: {\"context\":{\"campaign\":{},\"total\":12}}\n");
        assertThat(of("mixpanel", result))
                .contains("CamelHttpPath: /import\n")
                .contains("Authorization: xxxxxx\n")
                .doesNotContain("t0ken")
                .contains(
                        "[{\"event\":\"Order Completed\",\"properties\":{\"total\":12,\"ip\":0,\"$user_id\":\"ada\","
                                + "\"$source\":\"evefan\",\"$insert_id\":\"m1\",\"distinct_id\":\"ada\",\"time\":1793527200000}}]");
        assertThat(of("webhook", result))
                .contains("/in?")
                .contains("X-Signature: sha256=")
                .contains("[{\"type\":\"track\",\"messageId\":\"m1\",\"source\":\"dev\"");
        assertThat(of("file", result)).contains("CamelFileName: ").contains("\"total\":12}}");
        assertThat(requests).hasValue(0);
        assertThat(Path.of("data", "events")).doesNotExist();
    }

    @Test
    void saysWhyADestinationGetsNothing() {
        // Given
        settings.remove("evefan.mixpanel.token");

        // When
        CommandLine.Result result = explain(ORDER.formatted(",\"integrations\":{\"Webhook\":false}"));

        // Then
        assertThat(of("webhook", result)).isEqualTo("  webhook: no, the event's integrations leave it out");
        assertThat(of("mixpanel", result)).isEqualTo("  mixpanel: no, it is switched off");
        assertThat(of("slack", result)).isEqualTo("  slack: no, its step others leaves the event out");
        assertThat(of("filter", result)).isEqualTo("  filter: no, its step others leaves the event out");
    }

    @Test
    void saysWhichConsentADestinationMisses() {
        // Given
        settings.put("webhook.consent", "ads, analytics");
        settings.put("evefan.postgres.consent", "analytics");
        settings.put("evefan.bigquery.consent", "ads");

        // When
        CommandLine.Result result = explain(ORDER.formatted(
                ",\"context\":{\"consent\":{\"categoryPreferences\":{\"analytics\":true,\"ads\":false}}}"));

        // Then
        assertThat(of("webhook", result)).isEqualTo("  webhook: no, the event gives no consent to ads, analytics");
        assertThat(of("bigquery", result)).isEqualTo("  bigquery: no, the event gives no consent to ads");
        assertThat(of("postgres", result)).contains("postgres: yes");
    }

    @Test
    void readsAFileAndWhatItsSourceIsToldToDrop() throws IOException {
        // Given
        String event = "{\"userId\":\"ada\",\"event\":\"Order Completed\",\"writeKey\":\"wk_web\","
                + "\"properties\":{\"card\":4111}}";
        Path file = Files.writeString(directory.resolve("event.json"), event);

        // When
        CommandLine.Result ofKey = explain("", file.toString(), "track");
        CommandLine.Result ofName = explain(event, "-", "track", "dev");

        // Then
        assertThat(of("webhook", ofKey)).contains("\"source\":\"web\"").doesNotContain("4111");
        assertThat(of("filter", ofKey)).contains("small-orders");
        assertThat(of("webhook", ofName)).contains("\"source\":\"dev\"").contains("4111");
    }

    @Test
    void namesWhatItCannotRead() {
        assertThat(explain(ORDER.formatted(""), "-", "track", "shop"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("no source called shop, only [dev, web]"));
        assertThat(explain("", directory.resolve("none.json").toString()))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("none.json is no file"));
        assertThat(explain("{"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("no valid JSON at line 1"));
        assertThat(explain("{\"userId\":\"ada\"}"))
                .returns(1, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.output()).contains("event 0: type is required"));
    }

    @Test
    void showsExtraFieldsWhereTheSettingWantsThem() {
        // Given
        settings.put("evefan.postgres.extra-fields", "true");

        // When
        CommandLine.Result result = explain(ORDER.formatted(""));

        // Then
        assertThat(of("postgres", result))
                .contains("\n        extra_fields: {\"context\":{\"campaign\":{},\"total\":12}}\n");
    }
}
