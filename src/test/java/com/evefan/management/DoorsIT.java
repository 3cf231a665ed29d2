package com.evefan.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import com.evefan.ingest.RawHttp;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets further than their token: both ports, asked byte for byte, in a default run. */
class DoorsIT {
    @TempDir
    static Path directory;

    private static final String READ_TOKEN = "one-only-for-reading";

    /** What opens a path. */
    private enum Door {
        NOTHING,
        READ_TOKEN,
        ADMIN_TOKEN
    }

    /** Every path of the management port that answers, as its router writes it. */
    private static final Map<String, Door> DOORS = Map.ofEntries(
            Map.entry("GET /observe/health", Door.NOTHING),
            Map.entry("GET /observe/health/live", Door.NOTHING),
            Map.entry("GET /observe/health/ready", Door.NOTHING),
            Map.entry("GET /observe/metrics", Door.READ_TOKEN),
            Map.entry("GET /observe/info", Door.READ_TOKEN),
            Map.entry("GET /v1/health", Door.READ_TOKEN),
            Map.entry("GET /q/dev", Door.READ_TOKEN),
            Map.entry("GET /q/dev/*", Door.READ_TOKEN),
            Map.entry("GET /", Door.NOTHING),
            Map.entry("GET /console/*", Door.NOTHING),
            Map.entry("POST /v1/session", Door.NOTHING),
            Map.entry("GET /v1/session", Door.READ_TOKEN),
            Map.entry("DELETE /v1/session", Door.READ_TOKEN),
            Map.entry("GET /v1/console", Door.READ_TOKEN),
            Map.entry("GET /v1/console/stream", Door.READ_TOKEN),
            Map.entry("GET /v1/openapi.json", Door.READ_TOKEN),
            Map.entry("GET /v1/system", Door.READ_TOKEN),
            Map.entry("GET /v1/sources/:source", Door.READ_TOKEN),
            Map.entry("POST /v1/sources/:source/test-event", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/destinations/:destination", Door.READ_TOKEN),
            Map.entry("GET /v1/console/events", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/plan", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/events/:messageId/content", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/explain", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/dead-letters/:destination/send", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/*", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/user", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/plugin", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/preset-connections", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/proxy/enabled", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/keycloak/enabled", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/auth/config", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/auth/*", Door.ADMIN_TOKEN),
            Map.entry("GET /hawtio/jolokia/*", Door.ADMIN_TOKEN),
            Map.entry("POST /hawtio/jolokia/*", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/dead-letters", Door.READ_TOKEN),
            Map.entry("GET /v1/dead-letters/:destination", Door.READ_TOKEN),
            Map.entry("DELETE /v1/dead-letters/:destination", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/dead-letters/:destination/export", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/dead-letters/:destination/replay", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/destinations/:destination/retry", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/destinations/:destination/pause", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/destinations/:destination/resume", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/destinations/:destination/forget", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/events/:messageId", Door.READ_TOKEN),
            Map.entry("GET /v1/replays", Door.READ_TOKEN),
            Map.entry("POST /v1/replays", Door.ADMIN_TOKEN),
            Map.entry("DELETE /v1/replays/:id", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/events", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/erasures", Door.ADMIN_TOKEN),
            Map.entry("GET /v1/erasures/:id", Door.ADMIN_TOKEN),
            Map.entry("DELETE /v1/erasures/:id", Door.ADMIN_TOKEN),
            Map.entry("POST /v1/erasures", Door.ADMIN_TOKEN));

    private static RunningEvefan evefan;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                directory.resolve("data"),
                Map.of(
                        "evefan.postgres.url",
                        "jdbc:postgresql://127.0.0.1:1/none",
                        "evefan.admin.read-token",
                        READ_TOKEN,
                        "evefan.http.request-timeout-ms",
                        "3000",
                        "evefan.http.idle-timeout-ms",
                        "3000"));
        token = Files.readString(directory.resolve("data/admin.token")).strip();
    }

    @AfterAll
    static void stop() {
        evefan.close();
    }

    @Test
    void everyPathThatAnswersIsInTheTable() {
        // When
        Set<String> answering = new TreeSet<>();
        int port = management();
        for (Route route : VertxPlatformHttpRouter.lookup(
                        evefan.camelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(port))
                .getRoutes()) {
            if (route.getPath() != null) {
                route.methods().forEach(method -> answering.add(method + " " + path(route)));
            }
        }

        // Then
        assertThat(answering).isEqualTo(new TreeSet<>(DOORS.keySet()));
    }

    private static String path(Route route) {
        return route.getPath() + (route.isExactPath() ? "" : "*");
    }

    static Stream<Arguments> doors() {
        return DOORS.entrySet().stream().map(door -> Arguments.of(door.getKey(), door.getValue()));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void opensWithItsTokenAndNothingElse(String route, Door door) throws Exception {
        String method = route.substring(0, route.indexOf(' '));
        String path = example(route.substring(method.length() + 1));
        for (String nothing : List.of(
                "",
                "X-Forwarded-For: 127.0.0.1\r\n",
                "X-Forwarded-Prefix: /observe/health\r\nX-Original-URL: /observe/health\r\n",
                "X-HTTP-Method-Override: GET\r\n")) {
            RawHttp.Response answer = answer(management(), method, path, nothing);
            assertThat(answer.status())
                    .as(nothing)
                    .isEqualTo(door != Door.NOTHING ? 401 : method.equals("POST") ? 400 : 200);
            closed(answer);
        }
        RawHttp.Response reader = answer(management(), method, path, bearer(READ_TOKEN));
        RawHttp.Response admin = answer(management(), method, path, bearer(token));
        assertThat(reader.status() == 403).as(reader.head()).isEqualTo(door == Door.ADMIN_TOKEN);
        assertThat(admin.status()).as(route + " " + admin.head()).isNotIn(401, 403, 405);
        closed(reader);
        closed(admin);
        rejectsOthersThanOperators(method, path);
    }

    /** Nor do its own pages' neighbours, another site, or a name that was made to lead here. */
    private static void rejectsOthersThanOperators(String method, String path) throws Exception {
        for (String stranger : List.of(
                "Host: rebound.example\r\n",
                "Host: 127.0.0.1.rebound.example\r\n",
                "Host: localhost\r\nHost: rebound.example\r\n",
                "Host: localhost\r\nOrigin: https://page.example\r\n",
                "Host: localhost\r\nOrigin: null\r\n",
                "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n",
                "Host: localhost\r\nSec-Fetch-Site: same-site\r\n")) {
            for (String authorization : List.of("", bearer(token))) {
                assertThat(raw(management(), method + " " + path + " HTTP/1.1\r\n" + stranger + authorization)
                                .status())
                        .as(method + " " + path + " " + stranger + authorization)
                        .isIn(400, 403);
            }
        }
    }

    private static void closed(RawHttp.Response answer) {
        assertThat(answer.header("Cache-Control")).isEqualTo(answer.header("ETag") == null ? "no-store" : "no-cache");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    }

    private static String example(String path) {
        return path.equals("/q/dev/*")
                ? "/q/dev/evefan"
                : path.replace(":destination", "postgres")
                        .replace("/jolokia/*", "/jolokia/version")
                        .replace("*", "index.html");
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready"})
    void aProbeSaysUpOrDownAndNoMore(String path) throws Exception {
        assertThat(answer(management(), "GET", path, "").body().replaceAll("\\s", ""))
                .isIn("{\"status\":\"UP\"}", "{\"status\":\"DOWN\"}");
        assertThat(status(management(), "GET", path + "?exposureLevel=full&data=true", ""))
                .isEqualTo(401);
        assertThat(status(management(), "GET", path + "?", "")).isIn(200, 401);
        assertThat(status(management(), "POST", path, "")).isEqualTo(401);
    }

    @Test
    void guessingTheTokenIsSlowedDown() throws Exception {
        // When
        List<Integer> answers = new ArrayList<>();
        for (Map.Entry<String, Door> door : DOORS.entrySet()) {
            String method = door.getKey().substring(0, door.getKey().indexOf(' '));
            String path = example(door.getKey().substring(method.length() + 1));
            if (door.getValue() != Door.NOTHING) {
                answers.add(status(management(), method, path, bearer("wrong")));
                answers.add(status(management(), method, path, "Authorization: Basic ZGV2Og==\r\n"));
            }
        }

        // Then
        assertThat(answers).containsOnly(401, 429);
        assertThat(answers.stream().filter(status -> status == 401)).hasSizeLessThan(20);
        assertThat(status(management(), "GET", "/observe/health/live", "")).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> status(management(), "GET", "/v1/dead-letters", bearer(token)) == 200);
    }

    /** As a proxy on this machine passes on what the whole internet sends. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/dead-letters",
                "GET /v1/dead-letters/postgres",
                "GET /v1/dead-letters/postgres/export",
                "POST /v1/dead-letters/postgres/replay",
                "DELETE /v1/dead-letters/postgres?all=true",
                "POST /v1/destinations/postgres/retry",
                "POST /v1/destinations/postgres/pause",
                "POST /v1/destinations/postgres/resume",
                "POST /v1/destinations/postgres/forget",
                "GET /v1/events/m-1",
                "GET /v1/replays",
                "POST /v1/replays",
                "DELETE /v1/replays/1",
                "POST /v1/erasures",
                "GET /v1/erasures",
                "GET /v1/erasures/1",
                "DELETE /v1/erasures/1",
                "GET /v1/events?userId=u",
                "GET /observe/metrics",
                "GET /hawtio/",
                "GET /q/dev/evefan"
            })
    void ingestionHasNothingToAdministrate(String request) throws Exception {
        int port = evefan.configuration().http().port();
        String method = request.substring(0, request.indexOf(' '));
        String path = request.substring(method.length() + 1);
        assertThat(status(port, method, path, "")).isIn(404, 405);
        assertThat(status(port, method, path, bearer(token))).isIn(404, 405);
    }

    @Test
    void ingestionSaysUpAndNoMore() throws Exception {
        // When
        RawHttp.Response up = answer(evefan.configuration().http().port(), "GET", "/v1/health", "");

        // Then
        assertThat(up.status()).isEqualTo(200);
        assertThat(up.body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(up.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void nothingBelowTheDataDirectoryIsForOthers() throws Exception {
        // Given
        evefan.post("/v1/track", "{\"userId\":\"ada\",\"event\":\"4111 1111 1111 1111\"}");

        // Then
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
                assertThat(files).allMatch(DoorsIT::isPrivate);
            }
        });
    }

    private static boolean isPrivate(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    .endsWith("------");
        } catch (IOException e) {
            return !Files.exists(path);
        }
    }

    @Test
    void aHeadThatNeverEndsIsCutOff() throws Exception {
        try (RawHttp connection = new RawHttp(management())) {
            connection.send("GET /observe/health HTTP/1.1\r\n");
            AtomicInteger sent = new AtomicInteger();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        try {
                            connection.send("X-" + sent.incrementAndGet() + ": drip\r\n");
                            return false;
                        } catch (IOException e) {
                            return true;
                        }
                    });
        }
    }

    @Test
    void whoTakesNoAnswerOnTheManagementPortIsCutOff() throws Exception {
        byte[] many = "GET /observe/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .repeat(1_000)
                .getBytes(US_ASCII);
        try (RawHttp connection = new RawHttp(management())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                try {
                    connection.send(many);
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: evil.example\r\n", "Host: 127.0.0.1\r\nHost: evil.example\r\n"})
    void aHostThatIsNotThisPortsIsRefused(String host) throws Exception {
        try (RawHttp connection = new RawHttp(management())) {
            connection.send("GET /observe/health HTTP/1.1\r\n" + host + "\r\n");
            assertThat(connection.read().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example//127.0.0.1\r\n",
                "Origin: http://127.0.0.1\r\nOrigin: http://evil.example\r\n"
            })
    void anotherSitesOriginIsRefused(String origin) throws Exception {
        assertThat(answer(management(), "GET", "/v1/health", bearer(token) + origin)
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1/health", "/v1/dead-letters/none"})
    void saysThatAQueryCannotBeRead(String path) throws Exception {
        assertThat(answer(management(), "GET", path + "?a=%zz", bearer(READ_TOKEN))
                        .status())
                .isEqualTo(400);
    }

    /** Other ways to write a path that leads somewhere, of which one may pass by a check. */
    static Stream<String> detours() {
        List<String> paths = new ArrayList<>();
        for (String path : List.of(
                "/q/dev/evefan",
                "/q/dev/send",
                "/hawtio/jolokia/version",
                "/observe/health/live",
                "/observe/metrics",
                "/v1/health",
                "/v1/track",
                "/v1/dead-letters")) {
            int slash = path.lastIndexOf('/');
            String folder = path.substring(0, slash);
            String name = path.substring(slash + 1);
            paths.addAll(List.of(
                    "/." + path,
                    "/x/.." + path,
                    "/%2e" + path,
                    "/x/%2E%2E" + path,
                    "//" + path.substring(1),
                    folder + "//" + name,
                    folder + "%2F" + name,
                    folder + "%2f" + name,
                    folder + "\\" + name,
                    folder + "%5C" + name,
                    folder + "/x/../" + name,
                    folder + "/" + name + "/../evefan",
                    folder + "/" + name + "/%2e%2e/evefan",
                    folder + "/" + name + ";/../evefan",
                    folder + "/" + name + ";a=b",
                    folder + ";a=b/" + name,
                    folder + "/%" + Integer.toHexString(name.charAt(0)) + name.substring(1),
                    folder + "/%25" + Integer.toHexString(name.charAt(0)) + name.substring(1),
                    folder + "/" + name + "%00",
                    folder + "/" + name + "/..",
                    "http://127.0.0.1" + path,
                    "x://127.0.0.1/.." + path));
        }
        return paths.stream();
    }

    @ParameterizedTest
    @MethodSource("detours")
    void refusesEveryPathThatIsNotInItsNormalForm(String path) throws Exception {
        for (int port : List.of(evefan.configuration().http().port(), management())) {
            for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
                for (String header : List.of("", "Authorization: Bearer " + token + "\r\n")) {
                    assertThat(status(port, method, path, header))
                            .as("%d %s %s %s", port, method, path, header)
                            .isEqualTo(400);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/dev/send/../evefan", "/q/dev/send/%2e%2e/evefan", "/q/dev/send", "/q/dev/SEND"})
    void nobodySendsThroughAConsole(String path) throws Exception {
        // Given
        Path file = directory.resolve("written");
        String query = "?endpoint=file:" + directory + "%3FfileName%3Dwritten&body=hello";

        // When
        List<Integer> answers = List.of(
                status(management(), "GET", path + query, ""),
                status(management(), "GET", path + query, "Authorization: Bearer " + token + "\r\n"));

        // Then
        assertThat(answers).allMatch(status -> status >= 400);
        assertThat(file).doesNotExist();
    }

    @Test
    void hasOnlyTheConsolesThatShowNothingSecret() throws Exception {
        // When
        RawHttp.Response consoles = answer(management(), "GET", "/q/dev", "Authorization: Bearer " + token + "\r\n");

        // Then
        assertThat(consoles.status()).isEqualTo(200);
        assertThat(consoles.body().lines().map(line -> line.replaceAll(":.*", "")))
                .containsExactlyInAnyOrder("evefan", "gc", "health", "memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "All",
                "bean",
                "browse",
                "context",
                "debug",
                "endpoint",
                "event",
                "index",
                "java-security",
                "jvm",
                "log",
                "main-configuration",
                "message-history",
                "processor",
                "properties",
                "Properties",
                "receive",
                "reload",
                "route",
                "route-dump",
                "send",
                "Send",
                "send/x",
                "source",
                "system-properties",
                "trace",
                "variables",
                "evefan/x",
                ""
            })
    void hasNoOtherConsoleNotEvenWithTheToken(String console) throws Exception {
        assertThat(status(management(), "GET", "/q/dev/" + console, "Authorization: Bearer " + token + "\r\n"))
                .isEqualTo(404);
        assertThat(status(management(), "GET", "/q/dev/" + console, "")).isEqualTo(401);
    }

    private static int management() {
        return evefan.configuration().management().port();
    }

    private static int status(int port, String method, String target, String headers) throws Exception {
        return answer(port, method, target, headers).status();
    }

    /** @param headers each with its line's end */
    private static RawHttp.Response answer(int port, String method, String target, String headers) throws Exception {
        return raw(port, method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers);
    }

    /** @param head without the empty line that ends it */
    private static RawHttp.Response raw(int port, String head) throws Exception {
        try (RawHttp connection = new RawHttp(port)) {
            RawHttp.Response response = connection.send(head + "\r\n").read();
            assertThat(response).as(head).isNotNull();
            return response;
        }
    }
}
