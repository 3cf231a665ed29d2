package com.evefan.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.configuration.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenFileIT {
    @TempDir
    Path directory;

    @Test
    void aStartNamesEveryProblemOfTheRouteFilesWithLineAndColumn() throws Exception {
        // Given
        Path destinations = Files.createDirectories(directory.resolve("destinations"));
        String webhook = Files.readString(Path.of("src/test/resources/com/evefan/route/webhook.camel.yaml"));
        Path indented = Files.writeString(
                destinations.resolve("indented.camel.yaml"), webhook.replace("      id: batch", "     id: batch"));
        Path misspelt = Files.writeString(
                destinations.resolve("webhook.camel.yaml"), webhook.replace("- setBody", "- setBdoy"));

        // When, Then
        assertThatThrownBy(() -> ExampleEvefan.start(directory, Map.of("webhook.url", "http://127.0.0.1:1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(indented + ":12:")
                .hasMessageContaining(misspelt + ":16:11: Unknown node id: setBdoy; did you mean setBody?");
    }
}
