package com.evefan.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics of a running Evefan, as Prometheus sees them: whether every number has a name that is used. */
class MonitoringIT {
    private static final Pattern NAME = Pattern.compile("evefan_[a-z_]+");
    private static final String READ_TOKEN = "one-only-for-reading";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static RunningEvefan evefan;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(data, Map.of("evefan.admin.read-token", READ_TOKEN));
        evefan.post(
                "/v1/batch",
                "{\"batch\":[{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"Seen\"},{\"type\":\"x\"}]}");
        await().atMost(LIMIT).until(() -> get("/observe/metrics", "").body().contains("evefan_delivery_latency"));
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/grafana/dashboards/evefan.json", "deploy/prometheus/alerts.yml"})
    void dashboardAndAlertsUseNamesThatThereAre(String file) throws Exception {
        // When
        Set<String> used = names(Files.readString(Path.of(file)));

        // Then
        assertThat(used).isNotEmpty();
        assertThat(names(get("/observe/metrics", "").body())).containsAll(used);
    }

    @Test
    void everyMetricIsOnTheDashboard() throws Exception {
        // When
        Set<String> shown = names(Files.readString(Path.of("deploy/grafana/dashboards/evefan.json")));

        // Then
        Set<String> metrics = names(get("/observe/metrics", "").body().replaceAll("(?m)^#.*$", ""));
        metrics.removeIf(name -> name.endsWith("_max") || isPartOfHistogram(name));
        assertThat(shown).containsAll(withoutDone(metrics));
    }

    @Test
    void countersOfConsoleAndMetricsAgree() throws Exception {
        // When
        await().atMost(LIMIT)
                .until(() -> get("/observe/metrics", "")
                        .body()
                        .contains("evefan_destination_delivered_events_total{destination=\"postgres\"} 1.0"));

        // Then
        assertThat(get("/q/dev/evefan", "application/json").body())
                .contains("\"accepted\":1,\"delivered\":1", "\"accepted\":1,\"rejected\":1");
        assertThat(get("/q/dev/evefan", "text/plain").body()).contains("Evefan is well", "postgres");
        assertThat(get("/observe/metrics", "").body())
                .contains("evefan_source_accepted_events_total{source=\"dev\"} 1.0")
                .contains("evefan_source_rejected_events_total{source=\"dev\"} 1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec/java.lang:type=Memory/gc",
                "read/java.lang:type=Runtime/SystemProperties",
                "write/org.apache.camel:context=evefan,name=%22evefan%22,type=context/Tracing/true"
            })
    void jolokiaDoesNothingThatTheConsoleDoesNotNeed(String operation) throws Exception {
        assertThat(authenticated("/hawtio/jolokia/" + operation).body()).contains("\"status\":403");
    }

    private static HttpResponse<String> authenticated(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(evefan.managementUrl() + path))
                .header("Authorization", "Bearer " + evefan.adminToken())
                .build());
    }

    private static HttpResponse<String> get(String path, String accept) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(evefan.managementUrl() + path))
                .header("Authorization", "Bearer " + READ_TOKEN);
        return send(
                accept.isEmpty()
                        ? request.build()
                        : request.header("Accept", accept).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isPartOfHistogram(String name) {
        return name.endsWith("_seconds_sum") || name.endsWith("_seconds_count") || name.endsWith("_events_bucket");
    }

    /** Left out on purpose: what the journal has in and out follows from the counters of sources and destinations. */
    private static Set<String> withoutDone(Set<String> names) {
        names.removeAll(Set.of(
                "evefan_journal_acknowledged_events_total",
                "evefan_journal_appended_events_total",
                "evefan_journal_oldest_seconds"));
        return names;
    }
}
