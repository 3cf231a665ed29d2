package com.evefan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.deploy.Dockerfile.Instruction;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The image, as far as it can be told from the file that makes it. */
class DockerfileTest {
    private static final Path SCRIPTS = Path.of("src/main/distribution");

    private Dockerfile file;

    @BeforeEach
    void read() throws IOException {
        file = Dockerfile.read();
    }

    @Test
    void buildsOnImagesOfANamedVersion() {
        assertThat(file.all("FROM"))
                .hasSize(3)
                .allSatisfy(from -> assertThat(from.words().get(0)).matches("[a-z/.-]+:.*\\d.*"));
    }

    @Test
    void copiesFilesThatAreThereAndNotIgnored() throws IOException {
        assertThat(copiedFromContext())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(Path.of(source)).exists());
        assertThat(Files.readAllLines(Path.of(".dockerignore"))).doesNotContainAnyElementsOf(copiedFromContext());
    }

    @Test
    void copiesFromTheBuildWhatTheBuildMakes() {
        // Given
        Instruction copy = file.all("COPY").stream()
                .filter(instruction -> instruction.stage() == 3)
                .findFirst()
                .orElseThrow();

        // Then
        assertThat(copy.words()).startsWith("--from=build");
        assertThat(file.all("FROM").get(0).arguments()).endsWith(" AS build");
        assertThat(file.all("RUN").get(0).arguments())
                .contains(" " + copy.words().get(copy.words().size() - 2));
    }

    @Test
    void givesTheBuildWhatTheArchiveTakes() throws IOException {
        assertThat(archived())
                .hasSizeGreaterThan(7)
                .allSatisfy(path -> assertThat(copiedFromContext())
                        .as(path.toString())
                        .anyMatch(source -> path.startsWith(source)));
    }

    @Test
    void runsAsAUserByNumberThatIsNotRoot() {
        // Given
        List<String> names = file.instructions().stream().map(Instruction::name).toList();

        // Then
        assertThat(file.last("USER")).matches("[1-9]\\d+:[1-9]\\d+");
        assertThat(names.lastIndexOf("USER")).isGreaterThan(names.lastIndexOf("RUN"));
    }

    @Test
    void startsAndAsksForHealthByScriptsOfTheArchiveWithoutAShell() throws IOException {
        // Given
        String health = file.last("HEALTHCHECK").replaceAll(".*CMD ", "");

        // Then
        for (String command : List.of(file.last("ENTRYPOINT"), health)) {
            JsonNode words = new JsonMapper().readTree(command);
            assertThat(words.isArray()).as(command).isTrue();
            assertThat(SCRIPTS.resolve(words.get(0).asText())).isExecutable();
        }
        assertThat(file.last("WORKDIR"))
                .isEqualTo(file.all("COPY").stream()
                        .filter(copy -> copy.stage() == 3)
                        .map(copy -> copy.words().get(copy.words().size() - 1))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void keepsItsDataInAVolumeOfItsOwn() {
        // Given
        String data = file.environment().get("EVEFAN_DATA_DIRECTORY");

        // Then
        assertThat(file.last("VOLUME")).isEqualTo(data);
        assertThat(file.all("RUN")).anyMatch(run -> run.arguments().contains("install -d -o evefan -g evefan " + data));
    }

    @Test
    void exposesThePortsThatEvefanListensOn() throws IOException {
        assertThat(file.last("EXPOSE"))
                .isEqualTo(DeployFiles.defaultOf("evefan.http.port") + " "
                        + DeployFiles.defaultOf("camel.management.port"));
    }

    private List<String> copiedFromContext() {
        return file.all("COPY").stream()
                .filter(copy -> copy.stage() == 1)
                .flatMap(copy -> copy.words().subList(0, copy.words().size() - 1).stream())
                .toList();
    }

    /** The files that the archive takes from the repository. */
    private static List<Path> archived() throws IOException {
        String assembly = Files.readString(Path.of("src/main/assembly/distribution.xml"));
        return values("(?s)<fileSet>(.*?)</fileSet>", assembly)
                .filter(files -> !files.contains("${project.build.directory}"))
                .flatMap(files -> {
                    Path directory = Path.of(
                            values("<directory>(.*?)<", files).findFirst().orElseThrow());
                    List<String> included = values("<include>(.*?)<", files).toList();
                    return included.isEmpty()
                            ? Stream.of(directory)
                            : included.stream().map(directory::resolve);
                })
                .map(Path::normalize)
                .toList();
    }

    private static Stream<String> values(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
