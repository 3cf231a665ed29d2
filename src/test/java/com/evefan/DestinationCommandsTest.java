package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.route.SettingsDestinations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code list}, {@code add}, {@code test}, and destinations that are settings alone. */
class DestinationCommandsTest {
    private static final String ORDER =
            "{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"Order Completed\",\"properties\":{\"total\":12.50}}";

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();
    private Path destinations;

    @BeforeEach
    void set() throws IOException {
        destinations = Files.createDirectories(directory.resolve("destinations"));
        settings.put("evefan.data.directory", directory.resolve("data").toString());
        settings.put(RouteFiles.PATTERN, RunningEvefan.SHELL_ROUTES + ",file:" + destinations + "/*.camel.yaml");
    }

    private CommandLine.Result run(String input, String... words) {
        return CommandLine.run(settings, input, words);
    }

    private CommandLine.Result add(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(0, "add");
        all.add(1, "--properties");
        all.add(2, directory.resolve("application.properties").toString());
        CommandLine.Result result = run("", all.toArray(String[]::new));
        System.getProperties().keySet().removeIf(key -> String.valueOf(key).startsWith("crm."));
        return result;
    }

    @Test
    void listsWhatThereIsAndWhatItNeeds() {
        CommandLine.Result result = run("", "list");

        assertThat(result.exitCode()).isZero();
        assertThat(result.output())
                .containsPattern(
                        "amplitude +Amplitude: HTTP V2, without groups and aliases\n +needs amplitude.api-key\n")
                .containsPattern("csv .*\n +needs nothing\n")
                .containsPattern("kafka .*\n +needs kafka.brokers; once: mvn -f extensions -Dcomponent=camel-kafka\n");
    }

    @Test
    void addsACopyWithItsSettingsAndShowsWhatAnEventBecomes() throws IOException {
        CommandLine.Result result = add("clickhouse", "crm", "--url", "http://127.0.0.1:1", "--password=a+b%&\\=\"'c");

        assertThat(result.exitCode()).as(result.problems()).isZero();
        assertThat(result.output())
                .contains("Added " + destinations.resolve("crm.camel.yaml"))
                .contains("crm: yes")
                .contains("\"event\":\"Order Completed\"")
                .doesNotContain("a+b");
        String file = Files.readString(destinations.resolve("crm.camel.yaml"));
        assertThat(file)
                .contains("    id: crm\n", "nodePrefixId: crm-\n", "uri: direct:crm\n", "{{crm.url}}", "(CRM_PASSWORD)")
                .contains("ClickHouse: ");
        java.util.Properties written = new java.util.Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("application.properties"))) {
            written.load(reader);
        }
        assertThat(written)
                .containsEntry("crm.password", "a+b%&\\=\"'c")
                .containsEntry("crm.batch.max-events", "10000");
        assertThat(add("csv", "crm2").exitCode()).isZero();
        assertThat(Files.readString(directory.resolve("application.properties")))
                .as("or each event makes a file")
                .contains("crm2.batch.at-once = false\n");
    }

    @Test
    void addsNothingThatIsNotInOrder() throws IOException {
        assertThat(add("clickhous"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("there is no example clickhous"));
        assertThat(add("clickhouse", "crm"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems())
                        .contains("clickhouse needs:", "--url  the HTTP interface", "--password"));
        assertThat(add("webhook", "crm", "--urll", "x"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("webhook has no setting --urll"));
        for (String name : List.of("Crm", "evefan", "camel", "batch-crm", "postgres", "../x")) {
            assertThat(add("webhook", name, "--url", "http://127.0.0.1:1"))
                    .returns(2, CommandLine.Result::exitCode)
                    .satisfies(result -> assertThat(result.problems()).contains("a destination's name is", name));
        }
        assertThat(Files.list(destinations)).isEmpty();
        assertThat(directory.resolve("application.properties")).doesNotExist();

        assertThat(add("webhook", "crm", "--url", "http://127.0.0.1:1")).returns(0, CommandLine.Result::exitCode);
        assertThat(add("webhook", "crm", "--url", "http://127.0.0.1:1"))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("is there already"));
    }

    @Test
    void everyExampleCanBeAddedUnderAnotherNameBesideItself() throws IOException {
        Map<String, String> placeholders =
                com.evefan.examples.Examples.placeholders(com.evefan.examples.Examples.names());
        settings.putAll(placeholders);
        placeholders.forEach((key, value) -> settings.put("other-" + key, value));
        settings.put(RouteFiles.PATTERN, settings.get(RouteFiles.PATTERN) + ",file:routes/examples/*.camel.yaml");
        for (com.evefan.route.Example example :
                com.evefan.route.Example.in(com.evefan.route.Example.FOLDER).values()) {
            String name = "other-" + example.name();
            Files.writeString(destinations.resolve(name + ".camel.yaml"), example.named(name, name + ".", ""));
        }

        assertThat(run("", "validate"))
                .satisfies(result -> assertThat(result.problems()).isEmpty());
    }

    @Test
    void aDestinationIsSettingsAlone() {
        settings.put("evefan.destination.crm.type", "webhook");
        settings.put("evefan.destination.crm.url", "http://127.0.0.1:1/in");
        settings.put("evefan.destination.crm.secret", "s3cret");
        settings.put("evefan.destination.crm.events", "Order Completed, Order \"Refunded\"");
        settings.put("evefan.destination.crm.sources", "dev, web");
        settings.put("evefan.destination.crm.filter", ".properties.total > 10 and .userId != 'x'".replace('\'', '"'));

        CommandLine.Result order = run(ORDER, "explain");
        assertThat(order.exitCode()).as(order.problems()).isZero();
        assertThat(order.output())
                .contains("crm: yes", "http://127.0.0.1:1/in", "X-Signature: sha256=", "\"total\":12.50")
                .doesNotContain("s3cret");
        settings.remove("evefan.destination.crm.secret");
        assertThat(run(ORDER, "explain").output()).contains("crm: yes").doesNotContain("X-Signature");
        assertThat(run(ORDER.replace("12.50", "9"), "explain").output())
                .contains("crm: no, its step filter leaves the event out");
        assertThat(run(ORDER.replace("Completed", "Seen"), "explain").output())
                .contains("crm: no, its step events leaves the event out");
        assertThat(run("", "validate").exitCode()).isZero();
        assertThat(directory.resolve("data")).as("nothing starts").doesNotExist();
    }

    @Test
    void aWrongSettingIsNamed() {
        settings.put("evefan.destination.crm.type", "webhok");
        settings.put("evefan.destination.a.type", "webhook");
        settings.put("evefan.destination.a.parallel", "0");
        settings.put("evefan.destination.b.type", "webhook");
        settings.put("evefan.destination.b.batch.at-once", "maybe");
        settings.put("evefan.destination.b.consent", "marketing");
        settings.put("evefan.destination.b.url", "example.org");
        settings.put("evefan.destination.b.secret", "it's");
        settings.put("evefan.destination.b.filtr", ".x");
        settings.put("evefan.destination.c.type", "amplitude");
        settings.put("evefan.destination.c.api-key", "a\"b");
        settings.put("evefan.destination.c.filter", ".event = = 3");
        settings.put("evefan.destination.d.type", "csv");
        settings.put("evefan.destination.d.filter", "nosuch(.x)");
        settings.put("evefan.destination.d.batch.max-events", "many");
        settings.put("evefan.destination.postgres.type", "csv");
        settings.put("evefan.destination.batch-a.type", "csv");
        settings.put("evefan.destination.e.type", "csv");
        settings.put("evefan.destination.e.events", "Order {{x}}");

        CommandLine.Result result = run("", "validate");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.problems())
                .contains(
                        "evefan.destination.crm.type must be one of amplitude, ", "was 'webhok'; did you mean webhook?")
                .contains("evefan.destination.a.url is missing: where to\n")
                .contains("evefan.destination.a.parallel must be a whole number from 1 to 64, was '0'")
                .contains("evefan.destination.b.batch.at-once must be true or false, was 'maybe'")
                .doesNotContain("evefan.destination.b.consent")
                .contains("evefan.destination.b.url must be a URL, https://…, was 'example.org'")
                .contains("evefan.destination.b.secret must not contain '")
                .contains("evefan.destination.b.filtr is not a known property; webhook has ", "did you mean filter?")
                .contains("evefan.destination.c.api-key must not contain \"")
                .contains("evefan.destination.c.filter is no jq: ")
                .contains("evefan.destination.d.filter is no jq: function nosuch/1 does not exist")
                .contains("evefan.destination.d.batch.max-events must be a whole number from 1 to 100000, was 'many'")
                .contains("evefan.destination.postgres.type: a destination's name is")
                .contains("evefan.destination.batch-a.type: a destination's name is")
                .contains("evefan.destination.e.events must not contain {{ or }}");
    }

    @Test
    void settingsOfAFileAreNotTakenForThoseOfADestinationWithoutOne() throws IOException {
        SettingsDestinations destinations =
                SettingsDestinations.of(Map.of("crm", Map.of("type", "csv"), "csv", Map.of("type", "csv")));

        assertThat(destinations.misplaced(prefix -> Map.of("consent", "analytics", "other", "x")))
                .containsExactly(
                        "crm.consent is read by nobody: crm has no file; write evefan.destination.crm.consent");
    }

    @Test
    void aDestinationOfSettingsAloneHasTheConsentAndTheBatchesOfItsExample() {
        settings.put("evefan.destination.crm.type", "csv");
        settings.put("evefan.destination.crm.consent", "analytics");
        settings.put("evefan.destination.crm.parallel", "2");
        settings.put("csv.batch.at-once", "false");

        String refused = ORDER.replace("{\"type\"", "{\"context\":{\"consent\":{\"categoryPreferences\":{}}},\"type\"");
        CommandLine.Result result = run(refused, "explain");

        assertThat(result.output()).as(result.problems()).contains("crm: no, ", "analytics");
        settings.put("evefan.destination.crm.batch.at-once", "perhaps");
        assertThat(run("", "validate").problems())
                .contains("evefan.destination.crm.batch.at-once must be true or false, was 'perhaps'");
    }

    @Test
    void savesATestThatFailsWhenWhatADestinationGetsIsAnother() throws IOException {
        settings.put("evefan.destination.crm.type", "shape");
        settings.put("evefan.destination.crm.url", "http://127.0.0.1:1/in");
        settings.put("evefan.destination.es.type", "elasticsearch");
        settings.put("evefan.destination.es.url", "http://127.0.0.1:1/es");
        settings.put("evefan.destination.es.authorization", "ApiKey abc");
        settings.put("evefan.destination.chat.type", "slack");
        settings.put("evefan.destination.chat.url", "http://127.0.0.1:1/chat");
        Path test = directory.resolve("tests").resolve("order.yaml");

        CommandLine.Result saved = run(ORDER, "explain", "--save", test.toString());

        assertThat(saved.exitCode()).as(saved.problems()).isZero();
        assertThat(Files.readString(test))
                .contains("chat: nothing", "Authorization: xxxxxx", "name: Order Completed")
                .doesNotContain("ApiKey abc");
        CommandLine.Result same = run("", "test", test.getParent().toString());
        assertThat(same.exitCode()).as(same.output() + same.problems()).isZero();
        assertThat(same.output()).isEqualTo("ok      " + test + "\n1 test, 0 failed.\n");

        settings.put("evefan.destination.crm.filter", ".userId != \"ada\"");
        settings.put("evefan.destination.es.index", "other");
        settings.put("evefan.destination.chat.type", "webhook");
        CommandLine.Result other = run("", "test", test.toString());
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.output())
                .contains("FAILED  " + test)
                .contains("crm: gets nothing: its step filter leaves the event out")
                .contains("es: body\n", "\"_index\":\"other\"".replace("\"", "\\\""))
                .contains("chat: gets something, and nothing is expected")
                .contains("1 test, 1 failed.");

        Files.writeString(test, "event: {type: track, userId: u, event: X}\nexpekt: {}\n");
        assertThat(run("", "test", test.toString()))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(
                        result -> assertThat(result.problems()).contains("a test has an \"event\" and an \"expect\""));
        Files.writeString(test, """
                event: {type: track, userId: u, event: X}
                expect: {crmm: nothing, crm: [text], es: [{headers: text}]}
                """);
        assertThat(run("", "test", test.toString()).output())
                .as("a test that looks at nothing is none")
                .contains("there is no destination crmm, only ")
                .contains("crm: what it is sent has the members", "es: what it is sent has the members");
        Files.writeString(test, "event: {type: track, userId: u, event: X}\nexpect: {}\n");
        assertThat(run("", "test", test.toString())).returns(2, CommandLine.Result::exitCode);
        assertThat(run("", "test", directory.resolve("none").toString()))
                .returns(2, CommandLine.Result::exitCode)
                .satisfies(result -> assertThat(result.problems()).contains("there is no folder"));
    }
}
