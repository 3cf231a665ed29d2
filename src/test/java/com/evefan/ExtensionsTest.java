package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtensionsTest {
    @TempDir
    Path directory;

    @Test
    void takesEveryJarThatIsNotThereAlready() throws IOException {
        // Given
        for (String file : new String[] {"camel-kafka-4.17.0.jar", "camel-api-4.17.0.jar", "README.md", "pom.xml"}) {
            Files.createFile(directory.resolve(file));
        }

        // When
        var jars = Extensions.jars(directory, Set.of("camel-api-4.17.0.jar"));

        // Then
        assertThat(jars)
                .singleElement()
                .satisfies(jar -> assertThat(jar.getPath()).endsWith("/camel-kafka-4.17.0.jar"));
        assertThat(Extensions.jars(directory.resolve("none"), Set.of())).isEmpty();
    }

    @Test
    void fetchesComponentsOfTheCamelThatEvefanIsBuiltWith() throws IOException {
        assertThat(camelVersion(Path.of("extensions", "pom.xml"))).isEqualTo(camelVersion(Path.of("pom.xml")));
    }

    private static String camelVersion(Path pom) throws IOException {
        Matcher version = Pattern.compile("<camel.version>(.+)</camel.version>").matcher(Files.readString(pom));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
