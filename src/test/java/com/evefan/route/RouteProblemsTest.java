package com.evefan.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.examples.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteProblemsTest {
    @TempDir
    Path directory;

    @Test
    void namesOnceWhatWouldBeARouteFileByAnotherName() throws Exception {
        // Given
        for (String name : new String[] {
            "slack.yaml", "crm.yml", "mail.camel.yml", "SMS.CAMEL.YAML", "note.camel.yaml.txt", "hook-camel.yaml"
        }) {
            Files.createFile(directory.resolve(name));
        }
        for (String name : new String[] {
            "fine.camel.yaml", "README.md", ".slack.yaml.swp", ".hidden.yaml", "off.camel.yaml.disabled"
        }) {
            Files.createFile(directory.resolve(name));
        }
        RouteProblems problems = new RouteProblems();
        try (LogLines log = LogLines.of(RouteProblems.class.getName(), Level.WARN)) {
            // When
            problems.lookForMisnamed(List.of(directory, directory.resolve("none")));
            problems.lookForMisnamed(List.of(directory));

            // Then
            assertThat(problems.all())
                    .containsExactly(
                            misnamed("SMS.CAMEL.YAML", "SMS"),
                            misnamed("crm.yml", "crm"),
                            misnamed("hook-camel.yaml", "hook"),
                            misnamed("mail.camel.yml", "mail"),
                            misnamed("note.camel.yaml.txt", "note"),
                            misnamed("slack.yaml", "slack"))
                    .isEqualTo(log.lines());
        }

        // When
        Files.delete(directory.resolve("slack.yaml"));
        problems.lookForMisnamed(List.of(directory));

        // Then
        assertThat(problems.all()).hasSize(5).noneMatch(problem -> problem.contains("slack"));
    }

    private String misnamed(String name, String right) {
        return directory.resolve(name) + ": warning: is not loaded; to load it, call it " + right + ".camel.yaml";
    }
}
