package com.evefan.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.destination.custom.Events;
import com.evefan.destination.custom.Signature;
import com.evefan.destination.custom.WantedEvents;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCheckTest {
    private static final Path WEBHOOK = Path.of("src/test/resources/com/evefan/route/webhook.camel.yaml");

    private static final String PLAIN = """
            - route:
                id: plain
                description: Sends.
                nodePrefixId: plain-
                from:
                  uri: direct:plain
                  steps:
                    - to:
                        %s
            """;

    @TempDir
    Path directory;

    private final SimpleRegistry beans = new SimpleRegistry();
    private final Properties properties = new Properties();

    @BeforeEach
    void bind() {
        beans.bind("events", new Events());
        beans.bind("signature", new Signature());
        beans.bind("wantedEvents", WantedEvents.asBatch());
        properties.setProperty("webhook.url", "http://localhost");
        properties.setProperty("webhook.nothing", "");
    }

    private List<Problem> check(String from, String to) throws IOException {
        Path file = Files.createDirectories(directory.resolve("destinations")).resolve("webhook.camel.yaml");
        String text = Files.readString(WEBHOOK);
        assertThat(text).contains(from);
        Files.writeString(file, replacedOnce(text, from, to));
        return new RouteCheck(beans, properties, properties::containsKey).check(List.of(file));
    }

    @Test
    void findsNothingInARightFile() throws Exception {
        assertThat(check("webhook", "webhook")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "httpMethod|httpMethid|39|no option httpMethid; did you mean httpMethod?",
                "httpMethod|query|39|no option query; what the server is to get stands in the header CamelHttpQuery: query=…",
                "responseTimeout: \"{{webhook.response-timeout-ms:30000}}\"|responseTimeout: soon|41|soon",
                "ref: events|ref: event|20|No bean could be found in the registry for: event; did you mean events?",
                "method: array|method: arry|21|the bean has no method arry; did you mean array?",
                "- setBody:|- setBdoy:|16|Unknown node id: setBdoy; did you mean setBody?",
                "'constant:\n                expression: application/json'|'jsonata:\n                expression: a'|26|Unknown expression with id: jsonata; there are constant, exchangeProperty, header, jq",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event !== 3'|27|this is no jq",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event | lower'|27|lower/0 does not exist",
                "'            id: body'|'           id: body'|18|as their neighbours",
                "'            id: body'|'\t    id: body'|17|TAB",
                "'id: sign'|'id sign'|30|this is no YAML",
                "group: destination|group: other|6|gets no events",
                "webhook.url}}|webhook.address}}|37|WEBHOOK_ADDRESS",
                "{{webhook.url}}|{{webhook.url}|37|}} after it",
                "{{webhook.url}}|{{webhook.nothing}}|37|{{webhook.nothing}} is set to nothing; uri is an address",
                "{{webhook.url}}|htps:{{webhook.url}}|37|there is no component htps",
                "{{webhook.url}}|slack:general|37|-Dcomponent=camel-slack",
                "'- route:\n    id: webhook'|'- rout:\n    id: webhook'|5|Unknown node id: rout",
                "direct:webhook|direct:webhok|11|starts from direct:webhook",
                "'        - setBody:'|'        - aggregate:\n            aggregationStrategy: \"#eventBatches\"\n        - setBody:'|17|collects by itself",
                "id: webhook|id: other|0|no route with the id webhook"
            })
    void namesTheLineAndWhatWasExpected(String from, String to, int line, String message) throws Exception {
        // When
        List<Problem> problems = check(unescaped(from), unescaped(to));

        // Then
        assertThat(problems).as("%s", problems).anySatisfy(problem -> {
            assertThat(problem.message()).contains(message);
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.toString()).contains("webhook.camel.yaml" + (line == 0 ? "" : ":" + line + ":"));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event | ascii_downcase'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .properties.items[] | .price'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .properties | to_entries | map(.key) | join(\",\")'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .a.b | tonumber * 100 | floor'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .timestamp | fromdateiso8601'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .traits.email | split(\"@\")[1]'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event | test(\"^Order\")'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event | ltrimstr(\"a\") | .[0:3]'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: del(.context.ip) | .x = .y + 1'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: error(\"no such event\")'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: \"def f(g): g | g; f(.a) | recurse\"'",
                "'constant:\n                expression: application/json'|'jq:\n                expression: header(\"x\") // \"y\"'",
                "'        - to:\\n            id: post'|'        - setHeader:\\n            id: query\\n            name: CamelHttpQuery\\n            expression:\\n              constant:\\n                expression: api-version=2\\n        - to:\\n            id: post'",
                "'            id: body'|'            id: body\n            # tokenize is below'",
            })
    void takesWhatIsRight(String from, String to) throws Exception {
        assertThat(check(unescaped(from), unescaped(to))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{webhook.url}}|http://example.org|37|the host stands in the file",
                "'    description: Posts'|'    note: Posts'|6|the route has no description",
                "nodePrefixId: webhook-|autoStartup: true|6|nodePrefixId",
                "'constant:\n                expression: application/json'|'constant: application/json'|26|editors keep it that way",
                "'constant:\n                expression: application/json'|'simple:\n                expression: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'|27|longer than 60"
            })
    void onlyWarnsOfTheStyleOfTheHouse(String from, String to, int line, String message) throws Exception {
        // When
        List<Problem> problems = check(unescaped(from), unescaped(to));

        // Then
        assertThat(Problem.errors(problems)).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.toString()).contains(":" + line + ":", ": warning: ", message);
        });
    }

    @Test
    void onlyWarnsOfOptionsBehindTheAddress() throws Exception {
        Path file = directory.resolve("plain.camel.yaml");
        Files.writeString(file, PLAIN.formatted("uri: \"{{webhook.url}}?api-version=2&httpMethod=PUT\""));

        assertThat(new RouteCheck(beans, properties, properties::containsKey).check(List.of(file)))
                .singleElement()
                .asString()
                .contains("warning: what stands behind {{webhook.url}}? belongs below \"parameters\"");
    }

    @Test
    void sendsTheQueryOfTheHeaderToTheServer() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        Path file = directory.resolve("plain.camel.yaml");
        String query = "- setHeader:\n            name: CamelHttpQuery\n            expression:\n"
                + "              constant:\n                expression: api-version=2\n        - to:";
        Files.writeString(file, PLAIN.formatted("uri: \"{{webhook.url}}\"").replace("- to:", query));
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            properties.setProperty(
                    "webhook.url", "http://127.0.0.1:" + server.getAddress().getPort() + "/a");
            assertThat(new RouteCheck(beans, properties, properties::containsKey).check(List.of(file)))
                    .isEmpty();
            camel.getPropertiesComponent().setInitialProperties(properties);
            camel.start();
            PluginHelper.getRoutesLoader(camel).loadRoutes(RouteLoading.resource(camel, file));
            camel.createProducerTemplate().sendBody("direct:plain", "x");
            assertThat(asked.poll(10, TimeUnit.SECONDS)).endsWith("/a?api-version=2");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void doesNotTakeSwitchesAndSeparatorsForSecrets() throws Exception {
        Path file = directory.resolve("plain.camel.yaml");
        Files.writeString(file, """
                - route:
                    id: plain
                    description: Splits lines.
                    nodePrefixId: plain-
                    from:
                      uri: direct:plain
                      steps:
                        - split:
                            expression:
                              tokenize:
                                token: ","
                            steps:
                              - to:
                                  uri: "{{webhook.url}}"
                                  parameters:
                                    oauth2CacheTokens: true
                                    oauth2ClientSecret: abc
                """);

        assertThat(new RouteCheck(beans, properties, properties::containsKey).check(List.of(file)))
                .extracting(Problem::message)
                .containsExactly("oauth2ClientSecret stands in the file: use a placeholder, {{my.secret}}");
    }

    @Test
    void takesValuesThatComeLater() throws Exception {
        RouteCheck check = new RouteCheck(beans, properties, key -> false);
        Path file = directory.resolve("plain.camel.yaml");
        Files.writeString(file, PLAIN.formatted("uri: \"{{later.url}}\""));
        assertThat(check.check(List.of(file))).singleElement().asString().contains("{{later.url}} has no value");

        Properties later = new Properties();
        later.setProperty("later.url", "http://localhost");
        check.add(later);

        assertThat(check.check(List.of(file))).isEmpty();
    }

    private static String replacedOnce(String text, String from, String to) {
        int at = text.indexOf(from);
        return text.substring(0, at) + to + text.substring(at + from.length());
    }

    private static String unescaped(String cell) {
        return cell.replace("\\n", "\n").replace("\\t", "\t");
    }

    @Test
    void saysWhatToChangeInTheOldFormOfTwoRoutes() throws Exception {
        Path old = Files.createDirectories(directory.resolve("destinations")).resolve("crm.camel.yaml");
        Files.copy(Path.of("src", "test", "resources", "com", "evefan", "route", "old-form.camel.yaml"), old);

        // When
        List<Problem> problems = new RouteCheck(beans, properties, properties::containsKey).check(List.of(old));

        // Then
        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.line()).isEqualTo(32);
            assertThat(problem.message())
                    .contains("the old form of two routes", "delete the route crm", "crm.batch.max-events")
                    .contains("id: crm, group: destination", "from direct:crm");
        });
    }

    @Test
    void checksTheLimitsOfTheBatches() throws Exception {
        properties.setProperty("webhook.batch.max-events", "many");

        assertThat(check("webhook", "webhook"))
                .anySatisfy(problem -> assertThat(problem.message())
                        .isEqualTo("webhook.batch.max-events must be a whole number from 1 to 100000, was 'many'"));
    }

    @Test
    void findsIdsThatStandTwice() throws Exception {
        // Given
        Path one = Files.createDirectories(directory.resolve("destinations")).resolve("webhook.camel.yaml");
        Path other = directory.resolve("destinations").resolve("copy.camel.yaml");
        Files.copy(WEBHOOK, one);
        Files.copy(WEBHOOK, other);

        // When
        List<Problem> problems = new RouteCheck(beans, properties, properties::containsKey).check(List.of(one, other));

        // Then
        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem.message()).contains("route webhook is there already"));
    }
}
