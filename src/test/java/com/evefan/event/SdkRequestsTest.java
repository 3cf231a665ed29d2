package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SdkRequestsTest {
    @Test
    void keepsEverythingOfASample() throws Exception {
        for (SdkRequests.Request request : SdkRequests.sample()) {
            assertKept(request);
        }
    }

    @Test
    void keepsEverythingOfTheRecordings() throws Exception {
        List<SdkRequests.Request> requests = SdkRequests.all();
        assumeThat(requests).isNotEmpty();
        for (SdkRequests.Request request : requests) {
            assertKept(request);
        }
    }

    private static void assertKept(SdkRequests.Request request) throws Exception {
        // Given
        JsonNode body = SdkRequests.node(request.body());

        // When
        RequestBody read = Requests.READER.parse(request.body().getBytes(UTF_8));
        ReadResult result = read.read("web", Optional.empty(), Optional.empty());

        // Then
        assertThat(result.invalid()).as(request.path()).isEmpty();
        if (body.hasNonNull("writeKey")) {
            assertThat(read.writeKey()).contains(body.get("writeKey").asText());
        }
        JsonNode batch = body.get("batch");
        assertThat(result.total()).isEqualTo(batch == null ? 1 : batch.size());
        for (int i = 0; i < result.total(); i++) {
            assertKept(
                    batch == null ? body : batch.get(i),
                    body,
                    result.accepted().events().get(i));
        }
    }

    private static void assertKept(JsonNode sent, JsonNode body, Event event) {
        ObjectNode expected = sent.deepCopy();
        expected.put("source", "web")
                .put("receivedAt", Timestamps.format(Requests.NOON))
                .put("timestamp", Timestamps.format(event.timestamp()));
        expected.remove("writeKey");
        if (sent.hasNonNull("timestamp")) {
            expected.set("originalTimestamp", sent.get("timestamp"));
        }
        if (body.hasNonNull("sentAt")) {
            expected.set("sentAt", body.get("sentAt"));
        }
        if (sent != body && body.has("context")) {
            ObjectNode context = body.get("context").deepCopy();
            if (sent.has("context")) {
                context.setAll((ObjectNode) sent.get("context"));
            }
            expected.set("context", context);
        }
        if (expected.path("integrations").isEmpty()) {
            expected.remove("integrations");
        }
        assertThat(SdkRequests.node(Requests.json(event))).isEqualTo(expected);
        assertThat(event.messageId()).isEqualTo(sent.get("messageId").asText());
    }
}
