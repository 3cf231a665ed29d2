package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.PostgresExtension;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.activemq.broker.BrokerService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The archive as an operator gets it, unpacked into an empty directory. {@code mvn verify -Pdist} runs this. */
@EnabledIfSystemProperty(named = "evefan.test.distribution", matches = ".+", disabledReason = "mvn verify -Pdist")
class DistributionIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = PostgresExtension.embedded();

    /** To a file of its own. */
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)");

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void unpack() throws Exception {
        assertThat(run(directory, "tar", "-xzf", System.getProperty("evefan.test.distribution")))
                .isZero();
        try (var unpacked = Files.list(directory)) {
            home = unpacked.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    @Test
    void everyJarThatTheProgramNamesIsThere() throws Exception {
        // When
        String classPath;
        try (JarFile jar = new JarFile(home.resolve("evefan.jar").toFile())) {
            classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
        }

        // Then
        assertThat(classPath.split(" ")).isNotEmpty().allMatch(entry -> Files.exists(home.resolve(entry)));
    }

    @Test
    void everyFileThatItsPagesLinkToIsThere() throws Exception {
        for (String page : List.of("README.md", "SECURITY.md", "CHANGELOG.md", "docs/destinations.md")) {
            Path file = home.resolve(page);
            assertThat(LINK.matcher(Files.readString(file)).results().map(link -> link.group(1)))
                    .as(page)
                    .allMatch(link -> Files.exists(file.resolveSibling(link)));
        }
    }

    /** Nothing is set but ports: the embedded servers, the token that Evefan makes, and another directory to ask from. */
    @Test
    void answersEveryCommandWithoutBeingToldWhereTheTokenIs() throws Exception {
        // Given
        List<String> settings = new ArrayList<>();
        for (String port : List.of("evefan.http.port", "camel.management.port", "evefan.postgres.embedded.port")) {
            settings.add("-D" + port + "=" + RunningEvefan.freePort());
        }
        Files.writeString(
                directory.resolve("event.json"), "{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"First\"}");
        String script = home.resolve("bin/evefan").toString();
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(settings);
        Process process = start(home, command.toArray(String[]::new));
        try {
            String url = "http://127.0.0.1:" + value(command, "evefan.http.port");
            awaitFirstEvent(url);

            // Then
            for (String words : List.of(
                    "validate",
                    "explain event.json",
                    "health",
                    "retry postgres",
                    "pause postgres",
                    "resume postgres",
                    "replays list",
                    "replays start postgres --dry-run",
                    "erase --user-id nobody --dry-run",
                    "dead-letters list",
                    "dead-letters show postgres",
                    "dead-letters export postgres",
                    "dead-letters replay postgres",
                    "dead-letters delete postgres --all")) {
                List<String> line = new ArrayList<>(command);
                line.addAll(List.of(words.split(" ")));
                Process asked = new ProcessBuilder(line)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("answer").toFile())
                        .start();
                assertThat(asked.waitFor(60, TimeUnit.SECONDS)).as(words).isTrue();
                assertThat(asked.exitValue())
                        .as(words + ": " + Files.readString(directory.resolve("answer")))
                        .isZero();
            }
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(output()).doesNotContain("WARN", "ERROR", "Exception");
    }

    @Test
    void takesComponentsOfTheUsersOwn() throws Exception {
        // Given
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (jar.getFileName().toString().matches("(camel-mail|jakarta.mail|angus|jakarta.activation).*jar")) {
                Files.copy(jar, home.resolve("extensions").resolve(jar.getFileName()));
            }
        }
        Files.copy(
                home.resolve("routes/examples/mail.camel.yaml"), home.resolve("routes/destinations/mail.camel.yaml"));

        // When
        String[] settings = {"-Dmail.server=localhost", "-Dmail.from=a@example.org", "-Dmail.to=b@example.org"};
        int exitCode = run(home, "bin/evefan", settings[0], settings[1], settings[2], "validate");

        // Then
        assertThat(exitCode).as(output()).isZero();
    }

    @Test
    void startsOnExternalServersAndTellsHowLongThatTook() throws Exception {
        // Given
        assertThat(run(home, "bin/evefan", "prepare")).as(output()).isZero();
        assertThat(home.resolve("lib/evefan.jsa")).exists();
        BrokerService broker = new BrokerService();
        broker.setUseJmx(false);
        broker.setDataDirectory(directory.resolve("broker").toString());
        String brokerUrl = broker.addConnector("tcp://127.0.0.1:0").getPublishableConnectString();
        broker.start();
        List<String> command = command(brokerUrl);
        startAndStop(command);

        // When
        long millis = startAndStop(command);

        // Then
        System.out.println("On an existing data directory, with an external PostgreSQL and broker, the first event was"
                + " taken " + millis + " ms after the start.");
        broker.stop();
        assertThat(output()).doesNotContain("WARN", "Exception");
    }

    private List<String> command(String brokerUrl) throws IOException {
        List<String> command = new ArrayList<>(List.of("bin/evefan"));
        RunningEvefan.overrides(
                        directory.resolve("data"),
                        Map.of(
                                "evefan.postgres.url", POSTGRES.settings().url(),
                                "evefan.postgres.schema", POSTGRES.schema(),
                                "evefan.activemq.url", brokerUrl))
                .forEach((key, value) -> command.add("-D" + key + "=" + value));
        return command;
    }

    /** How many milliseconds the first event had to wait for its answer from the start on. */
    private long startAndStop(List<String> command) throws Exception {
        long begin = System.nanoTime();
        Process process = start(home, command.toArray(String[]::new));
        try {
            awaitFirstEvent("http://127.0.0.1:" + value(command, "evefan.http.port"));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            String ready = "http://127.0.0.1:" + value(command, "camel.management.port") + "/observe/health/ready";
            Process health = new ProcessBuilder("bin/health", ready)
                    .directory(home.toFile())
                    .start();
            assertThat(health.waitFor()).isZero();
            return millis;
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output()).isZero();
        }
    }

    private static void awaitFirstEvent(String url) {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(() -> RunningEvefan.post(url, "/v1/track", "{\"userId\":\"ada\",\"event\":\"First\"}")
                                .statusCode()
                        == 200);
    }

    private static String value(List<String> command, String key) {
        String prefix = "-D" + key + "=";
        return command.stream()
                .filter(word -> word.startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .substring(prefix.length());
    }

    private int run(Path where, String... command) throws Exception {
        Process process = start(where, command);
        assertThat(process.waitFor(180, TimeUnit.SECONDS))
                .as(Arrays.toString(command))
                .isTrue();
        return process.exitValue();
    }

    private Process start(Path where, String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("log"));
    }
}
