package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that cannot work: one line per problem, exit code 1, no stack trace. */
class ConfigurationIT {
    @TempDir
    Path directory;

    @Test
    void namesEveryWrongKeyAtOnce() throws Exception {
        String output = refusal(RunningEvefan.overrides(
                directory.resolve("data"),
                Map.of(
                        "evefan.postgres.pool-size", "many",
                        "evefan.journal.handover-events", "0",
                        "evefan.postgre.url", "jdbc:postgresql://localhost/x")));

        assertThat(output.lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("evefan.postgres.pool-size must be a whole number from 1 to 100"))
                .anyMatch(line -> line.startsWith("evefan.journal.handover-events must be"))
                .anyMatch(line -> line.startsWith("evefan.postgre.url is not a known property"));
    }

    @Test
    void namesAPortInUse() throws Exception {
        Properties properties = RunningEvefan.overrides(directory.resolve("data"), Map.of());
        int port = Integer.parseInt(properties.getProperty("evefan.http.port"));
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(refusal(properties).lines())
                    .singleElement()
                    .asString()
                    .startsWith("evefan.http.port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void namesADataDirectoryThatCannotBeWritten() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(refusal(RunningEvefan.overrides(file.resolve("data"), Map.of()))
                        .lines())
                .singleElement()
                .asString()
                .startsWith("evefan.data.directory: cannot write to " + file);
    }

    @Test
    void namesADataDirectoryInUse() throws Exception {
        Path data = directory.resolve("data");
        Map<String, String> external = Map.of("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none");
        try (RunningEvefan first = RunningEvefan.start(data, external)) {
            assertThat(first.configuration().dataDirectory()).isEqualTo(data);
            assertThat(refusal(RunningEvefan.overrides(data, external)).lines())
                    .singleElement()
                    .asString()
                    .contains("is in use by another Evefan");
        }
    }

    private String refusal(Properties properties) throws Exception {
        Path log = directory.resolve("log");
        try (EvefanProcess evefan = EvefanProcess.launch(properties, log)) {
            assertThat(evefan.exitCode()).isEqualTo(1);
            return evefan.output();
        }
    }
}
