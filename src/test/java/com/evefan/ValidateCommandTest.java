package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.examples.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
    private static final String SHIPPED = RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/*.camel.yaml";

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void set() throws IOException {
        settings.putAll(Examples.placeholders(Examples.names()));
        settings.put("evefan.data.directory", directory.resolve("data").toString());
        settings.put(RouteFiles.PATTERN, SHIPPED + ",file:routes/examples/*.camel.yaml");
    }

    private CommandLine.Result validate(String... files) {
        String[] words = new String[files.length + 1];
        words[0] = "validate";
        System.arraycopy(files, 0, words, 1, files.length);
        return CommandLine.run(settings, "", words);
    }

    private Path broken(String name, String from, String to) throws IOException {
        Path destinations = Files.createDirectories(directory.resolve("destinations"));
        String text = Files.readString(Path.of("src/test/resources/com/evefan/route/webhook.camel.yaml"));
        return Files.writeString(
                destinations.resolve(name + ".camel.yaml"),
                text.replace("webhook", name).replace(from, to));
    }

    @Test
    void findsNothingInWhatIsShippedExamplesIncluded() {
        // When
        CommandLine.Result result = validate();

        // Then
        assertThat(result.problems()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).matches("The configuration and \\d\\d route files are in order\\.\n");
        assertThat(directory.resolve("data")).as("nothing starts").doesNotExist();
    }

    @Test
    void warnsOfAFileThatIsNotLoadedForItsName() throws IOException {
        // Given
        Path right = broken("slack", "none", "none");
        Path wrong = Files.move(right, right.resolveSibling("slack.yaml"));
        settings.put(RouteFiles.PATTERN, SHIPPED + ",file:" + wrong.getParent() + "/*.camel.yaml");

        // When
        CommandLine.Result result = validate();

        // Then
        assertThat(result.problems())
                .isEqualTo(wrong + ": warning: is not loaded; to load it, call it slack.camel.yaml\n");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void namesFileLineAndColumnOfEveryProblemAndExitsWith1() throws IOException {
        // Given
        Path misspelt = broken("misspelt", "httpMethod", "httpMethid");
        Path unset = broken("unset", "none", "none");
        Path twice = broken("postgres", "none", "none");
        settings.put("misspelt.url", "http://localhost");
        settings.put("postgres.url", "http://localhost");
        settings.put(RouteFiles.PATTERN, SHIPPED + ",file:" + misspelt.getParent() + "/*.camel.yaml");

        // When
        CommandLine.Result result = validate();

        // Then
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.problems())
                .contains(misspelt + ":39:15: HTTP calls have no option httpMethid")
                .contains(unset + ":37:18: {{unset.url}} has no value")
                .contains(twice + ":6:5: route postgres is there already");
    }

    @Test
    void checksOnlyTheFilesThatItIsGiven() throws IOException {
        // Given
        Path misspelt = broken("misspelt", "httpMethod", "httpMethid");
        Path good = broken("good", "none", "none");
        settings.put("misspelt.url", "http://localhost");
        settings.put("good.url", "http://localhost");

        // When
        CommandLine.Result ofGood = validate(good.toString());
        CommandLine.Result ofBoth = validate(good.toString(), misspelt.toString());
        CommandLine.Result ofNone = validate("none.camel.yaml");

        // Then
        assertThat(ofGood).returns(0, CommandLine.Result::exitCode);
        assertThat(ofBoth).returns(1, CommandLine.Result::exitCode);
        assertThat(ofBoth.output()).isEqualTo("1 problem in 2 route files.\n");
        assertThat(ofNone).returns(2, CommandLine.Result::exitCode);
    }

    @Test
    void namesEveryUnknownKeyAndWrongValueOfTheConfiguration() {
        // Given
        settings.put("evefan.htp.port", "1");
        settings.put("evefan.retry.delay-ms", "soon");

        // When
        CommandLine.Result result = validate();

        // Then
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.problems()).contains("evefan.htp.port").contains("evefan.retry.delay-ms");
    }

    @Test
    void helpsOnOneStreamAndGuessesWhatIsMeant() {
        CommandLine.Result help = CommandLine.run(Map.of(), "", "help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.problems()).isEmpty();
        assertThat(help.output())
                .contains("start", "validate", "explain", "prepare", "health", "retry", "dead-letters");
        CommandLine.Result ofOne = CommandLine.run(Map.of(), "", "dead-letters", "show", "--help");
        assertThat(ofOne.exitCode()).isZero();
        assertThat(ofOne.output()).contains("--messageId", "<destination>");

        CommandLine.Result slip = CommandLine.run(Map.of(), "", "valdate");
        assertThat(slip.exitCode()).isEqualTo(2);
        assertThat(slip.output()).isEmpty();
        assertThat(slip.problems()).contains("valdate", "Did you mean").contains("validate");
    }

    @Test
    void warnsOfStyleAndExitsWith0() throws IOException {
        Path styled = broken("styled", "description: Posts", "note: Posts");
        settings.put("styled.url", "http://localhost");

        CommandLine.Result result = validate(styled.toString());

        assertThat(result.exitCode()).as(result.problems()).isZero();
        assertThat(result.problems()).contains(":6:5: warning: the route has no description");
        assertThat(result.output()).isEqualTo("The configuration and 1 route files are in order, 1 warning.\n");
    }
}
