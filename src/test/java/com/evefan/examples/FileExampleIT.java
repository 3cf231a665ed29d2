package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileExampleIT {
    @TempDir
    Path directory;

    @Test
    void writesWholeFilesOfLinesThatHoldEveryEvent() throws Exception {
        Path files = directory.resolve("events");
        try (ExampleEvefan evefan =
                ExampleEvefan.start(directory, Map.of("file.directory", files.toString()), "file")) {
            // When
            for (int i = 0; i < 5; i++) {
                evefan.track("m" + i, "Hello", "");
            }
        } // what is collected is written when Evefan stops

        // Then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lines(files)).hasSize(5).allMatch(line -> line.startsWith("{")));
    }

    private static List<String> lines(Path files) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> found = Files.walk(files)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString()).endsWith(".ndjson");
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
