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
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(from), to));
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
                "completionInterval|completionIntervall|Unsupported field: completionIntervall",
                "httpMethod|httpMethid|no option httpMethid",
                "ref: events|ref: event|No bean could be found in the registry for: event",
                "'      steps:'|'     steps:'|this is no YAML",
                "group: destination|group: other|gets no events",
                "nodePrefixId: webhook-|shutdownRoute: Default|nodePrefixId",
                "webhook.url}}|webhook.address}}|WEBHOOK_ADDRESS",
                "{{webhook.url}}|http://example.org|the host stands in the file",
                "forceCompletionOnStop: true|forceCompletionOnStop: false|forceCompletionOnStop",
                "uri: direct:delivery|uri: direct:deliver-webhook|direct:delivery",
                "completionInterval|completionTimeout|completionInterval",
                "id: deliver-webhook|id: deliver-other|deliver-webhook"
            })
    void namesTheLineOfWhatIsWrong(String from, String to, String message) throws Exception {
        // When
        List<Problem> problems = check(from, to);

        // Then
        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains(message)
                        .contains("webhook.camel.yaml")
                        .matches(text -> problem.line() > 0 || text.contains("file has no route")));
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
