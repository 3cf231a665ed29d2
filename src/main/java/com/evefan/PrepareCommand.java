package com.evefan;

import com.evefan.configuration.Configuration;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine.Command;

/**
 * Runs all of Evefan once, on free ports and in a directory of its own, for a JVM that watches which classes a start takes:
 * {@code bin/evefan prepare} keeps them in an archive that later starts map into memory.
 */
@Command(
        name = "prepare",
        description = "Makes starts twice as fast: once as bin/evefan prepare, and again for another JVM.")
final class PrepareCommand extends LocalCommand {
    @Override
    int run(PrintStream out) throws Exception {
        Path data = Files.createTempDirectory("evefan-prepare");
        // The destination is away on purpose; nobody needs to hear of it.
        Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
        try {
            Configuration configuration = Configuration.load(overrides(data));
            try (Evefan evefan = Evefan.start(configuration)) {
                send("http://127.0.0.1:" + configuration.http().port() + "/v1/track");
            }
        } finally {
            delete(data);
        }
        return 0;
    }

    /** Whatever the environment says: nothing that is needed elsewhere is touched, and nothing elsewhere is needed. */
    private static Properties overrides(Path data) throws IOException {
        Properties overrides = new Properties();
        overrides.putAll(System.getProperties());
        overrides.putAll(Map.of(
                "evefan.data.directory", data.toString(),
                "evefan.http.host", "127.0.0.1",
                "evefan.http.port", freePort(),
                "camel.management.host", "127.0.0.1",
                "camel.management.port", freePort(),
                "evefan.source.dev.enabled", "true",
                "evefan.source.dev.write-key", "wk_prepare",
                "evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none",
                "evefan.postgres.connect-timeout-ms", "1000"));
        overrides.putAll(Map.of(
                "evefan.redelivery.max-attempts", "0",
                "evefan.shutdown.timeout-ms", "2000",
                "evefan.activemq.url", "",
                "evefan.bigquery.project", "",
                "evefan.mixpanel.token", "",
                "evefan.tracing.endpoint", "",
                "evefan.routes.reload", "false"));
        return overrides;
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    private static void send(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setDoOutput(true);
        String event = "{\"writeKey\":\"wk_prepare\",\"userId\":\"nobody\",\"event\":\"Prepared\"}";
        connection.getOutputStream().write(event.getBytes(StandardCharsets.UTF_8));
        if (connection.getResponseCode() != 200) {
            throw new IllegalStateException(url + " answered " + connection.getResponseCode());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
