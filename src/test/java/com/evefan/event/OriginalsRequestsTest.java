package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the original answered, request by request, and where we answer otherwise on purpose. */
class OriginalsRequestsTest {
    /** By the rule that each follows from. */
    private static final List<String> NOW_ACCEPTED = words(
            // null stands for nothing (V1)
            "user-null anon-null identify-user-null ots-null props-null props-null-value ctx-null ctx-ip-null ctx-ua-null",
            "ctx-traits-null-value int-null top-extra-null identify-traits-null identify-trait-null-value alias-null-prev",
            "page-props-null-extra",
            // what is in context, and in which form, is the sender's business (V2)
            "ctx-ip-number ctx-campaign-number ctx-campaign-array ctx-app-partial ctx-app-number-build ctx-device-partial",
            "ctx-lib-partial ctx-os-partial ctx-page-string ctx-page-wifi-bool ctx-network-segment ctx-ua-number",
            "ctx-screen-number-density ctx-screen-string-size ctx-uad-partial ctx-tz-number ctx-locale-array",
            "ctx-active-string metadata-partial batch-ctx-bad",
            // and so are properties and traits (V3)
            "page-partial-props page-props-number-title name-number-page top-category-number identify-address-string",
            "identify-company-string identify-age-string identify-phone-number identify-logins-string group-bad-email",
            "group-bad-avatar group-address-object group-employees-string group-email-2 group-email-3 group-email-4",
            "group-avatar-3 group-avatar-5",
            // numbers are ids too
            "user-number anon-number mid-number group-id-number alias-number-user alias-number-prev",
            // an odd time is no reason to lose an event
            "ts-number ts-object sent-number ots-number",
            // one bad event costs only itself (P3)
            "batch-one-invalid batch-item-unknown-type",
            // the path names the type, a batch's too; an anonymous id takes the place of the previous one; a byte order
            // mark says nothing
            "batch-item-no-type-track-path alias-missing-prev body-bom");

    private static final Path RECORD = Path.of("../shared/oracle/public");

    private static final ReadResult NOTHING = new ReadResult(EventBatch.of(List.of()), List.of(), 0);

    @Test
    void acceptsWhatTheOriginalAcceptedButForTheRulesBelow() throws Exception {
        // Given
        assumeThat(RECORD).isDirectory();
        List<String> requests = Files.readAllLines(RECORD.resolve("requests.jsonl"));
        List<String> expected = Files.readAllLines(RECORD.resolve("expected.jsonl"));

        // When
        List<String> nowAccepted = new ArrayList<>();
        List<String> nowRefused = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            JsonNode request = SdkRequests.node(requests.get(i));
            int status = SdkRequests.node(expected.get(i)).get("status").asInt();
            if (!request.get("method").asText().equals("POST") || status != 200 && status != 400) {
                continue;
            }
            ReadResult result = read(request);
            boolean accepted = result.accepted().size() > 0 || result != NOTHING && result.total() == 0;
            if (accepted && status == 200) {
                assertSameIds(request.get("id").asText(), result, SdkRequests.node(expected.get(i)));
            }
            if (accepted != (status == 200)) {
                (accepted ? nowAccepted : nowRefused).add(request.get("id").asText());
            }
        }

        // Then
        assertThat(nowRefused)
                .containsExactlyInAnyOrder(
                        // an event without a name, a user, a group, or with a context of letters says nothing
                        "ev-empty",
                        "both-ids-missing",
                        "both-ids-missing-identify",
                        "batch-no-ids-no-ts",
                        "group-id-empty",
                        "alias-empty-user",
                        "batch-item-ctx-string");
        assertThat(nowAccepted).containsExactlyInAnyOrderElementsOf(NOW_ACCEPTED);
    }

    /** Where the original stored every event under an id of the sender's, it is ours too. */
    private static void assertSameIds(String request, ReadResult result, JsonNode expected) {
        List<String> stored = new ArrayList<>();
        expected.path("postgres")
                .forEach(rows -> rows.forEach(row -> stored.add(row.path("id").asText())));
        if (stored.size() == result.total()
                && !stored.contains("$UUID")
                && result.invalid().isEmpty()) {
            assertThat(result.accepted().events())
                    .as(request)
                    .extracting(Event::messageId)
                    .containsExactlyInAnyOrderElementsOf(stored);
        }
    }

    private static ReadResult read(JsonNode request) throws Exception {
        byte[] body = request.has("body_b64")
                ? Base64.getDecoder().decode(request.get("body_b64").asText())
                : request.path("body").asText().getBytes(UTF_8);
        try {
            return Requests.READER
                    .parse(body)
                    .read("web", typeOf(request.get("path").asText()), Optional.empty());
        } catch (MalformedRequestException e) {
            return NOTHING;
        }
    }

    private static List<String> words(String... lines) {
        return List.of(String.join(" ", lines).split(" "));
    }

    private static Optional<EventType> typeOf(String path) {
        String name = path.replaceAll("^/v1/|\\?.*", "");
        for (EventType type : EventType.values()) {
            if (name.equals(type.wireName()) || name.equals(type.wireName().substring(0, 1))) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
