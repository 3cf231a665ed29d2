package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import com.evefan.ingest.RawHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets further than their token: both ports, asked byte for byte, in a default run. */
class DoorsIT {
    @TempDir
    static Path directory;

    private static RunningEvefan evefan;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        evefan = RunningEvefan.start(
                directory.resolve("data"), Map.of("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none"));
        token = Files.readString(directory.resolve("data/admin.token")).strip();
    }

    @AfterAll
    static void stop() {
        evefan.close();
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
        try (RawHttp connection = new RawHttp(port)) {
            RawHttp.Response response = connection
                    .send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + headers + "\r\n")
                    .read();
            assertThat(response).as(method + " " + target).isNotNull();
            return response;
        }
    }
}
