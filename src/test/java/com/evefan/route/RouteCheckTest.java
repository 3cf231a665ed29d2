package com.evefan.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.delivery.BatchLimits;
import com.evefan.delivery.EventBatches;
import com.evefan.destination.custom.Events;
import com.evefan.destination.custom.Signature;
import com.evefan.destination.custom.WantedEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCheckTest {
    private static final Path WEBHOOK = Path.of("routes", "examples", "webhook.camel.yaml");

    @TempDir
    Path directory;

    private final SimpleRegistry beans = new SimpleRegistry();
    private final Properties properties = new Properties();

    @BeforeEach
    void bind() {
        beans.bind("events", new Events());
        beans.bind("signature", new Signature());
        beans.bind("wantedEvents", WantedEvents.asBatch());
        beans.bind("eventBatches", new EventBatches());
        beans.bind("batchLimits", new BatchLimits());
        properties.setProperty("webhook.url", "http://localhost");
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
                "completionInterval|completionIntervl|24|Unsupported field: completionIntervl; did you mean completionInterval?",
                "httpMethod|httpMethid|65|no option httpMethid",
                "responseTimeout: \"{{webhook.response-timeout-ms:30000}}\"|responseTimeout: soon|67|soon",
                "ref: events|ref: event|46|No bean could be found in the registry for: event; did you mean events?",
                "method: array|method: arry|47|the bean has no method arry; did you mean array?",
                "eventBatches|eventBatch|19|did you mean eventBatches?",
                "- setBody:|- setBdoy:|42|Unknown node id: setBdoy; did you mean setBody?",
                "'constant:\n                expression: application/json'|'jsonata:\n                expression: a'|52|Unknown expression with id: jsonata; there are constant, exchangeProperty, header, jq",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event !== 3'|53|this is no jq",
                "'constant:\n                expression: application/json'|'jq:\n                expression: .event | lower'|53|lower/0 does not exist",
                "'            id: body'|'           id: body'|44|as their neighbours",
                "'            id: body'|'\t    id: body'|43|TAB",
                "'id: sign'|'id sign'|56|this is no YAML",
                "'- route:\n    id: deliver-webhook'|'- rout:\n    id: deliver-webhook'|32|Unknown node id: rout",
                "group: destination|group: other|6|gets no events",
                "nodePrefixId: webhook-|shutdownRoute: Default|6|nodePrefixId",
                "webhook.url}}|webhook.address}}|63|WEBHOOK_ADDRESS",
                "{{webhook.url}}|{{webhook.url}|63|}} after it",
                "'isFull(${body},'|'isFull(${body,'|23|one is open here",
                "{{webhook.url}}|http://example.org|63|the host stands in the file",
                "{{webhook.url}}|htps:{{webhook.url}}|63|there is no component htps",
                "{{webhook.url}}|slack:general|63|-Dcomponent=camel-slack",
                "forceCompletionOnStop: true|forceCompletionOnStop: false|15|forceCompletionOnStop",
                "uri: direct:delivery|uri: direct:deliver-webhook|15|direct:delivery",
                "completionInterval|completionTimeout|15|completionInterval",
                "completionInterval: \"1000\"|completionInterval: soon|24|a number of ms, and not soon",
                "completionInterval: \"1000\"|completionInterval: \"0\"|24|at least 1",
                "direct:deliver-webhook|direct:deliver-webhok|37|starts from direct:deliver-webhook",
                "id: deliver-webhook|id: deliver-other|0|deliver-webhook"
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

    private static String replacedOnce(String text, String from, String to) {
        int at = text.indexOf(from);
        return text.substring(0, at) + to + text.substring(at + from.length());
    }

    private static String unescaped(String cell) {
        return cell.replace("\\n", "\n").replace("\\t", "\t");
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
