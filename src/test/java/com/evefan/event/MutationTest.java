package com.evefan.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent: a result or one of the two documented errors, and what is accepted is sound. */
class MutationTest {
    private static final int ROUNDS = 5_000;
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "null",
            "true",
            "1e9999",
            "-",
            "\"batch\":[",
            "\"batch\":null,",
            "\"context\":{",
            "\"integrations\":{\"All\":false},",
            "\"type\":\"track\",",
            "\\ud800",
            "\\u0000",
            "\n",
            "\r",
            "\u0000",
            "\uFEFF",
            "\"\":0,",
            "\"__proto__\":{},",
            "\"userId\":1,",
            "\"messageId\":7,",
            "\"sentAt\":\"Jan 2, 2026\",");

    private final Random random = new Random(20260401);

    @Test
    void neverFailsInAnotherWay() throws Exception {
        List<byte[]> seeds = SdkRequests.sample().stream()
                .map(request -> request.body().getBytes(UTF_8))
                .filter(body -> body.length < 6_000)
                .toList();
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] body = mutated(seeds.get(random.nextInt(seeds.size())));
            try {
                accepted += check(Requests.READER
                        .parse(body)
                        .read("web", Optional.of(EventType.TRACK), Optional.of("203.0.113.7")));
            } catch (MalformedRequestException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("Source");
                refused++;
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 20);
        assertThat(refused).isGreaterThan(ROUNDS / 20);
    }

    private static int check(ReadResult result) throws Exception {
        assertThat(result.accepted().size() + result.invalid().size()).isEqualTo(result.total());
        List<Event> events = result.accepted().events();
        for (Event event : events) {
            JsonNode json = MAPPER.readTree(event.json());
            assertThat(json.isObject()).isTrue();
            assertThat(json.get("messageId").textValue()).isEqualTo(event.messageId());
            assertThat(json.has("writeKey")).isFalse();
            assertThat(new String(event.json(), UTF_8).getBytes(UTF_8)).isEqualTo(event.json());
        }
        List<Event> decoded = EventCodec.decode(EventCodec.encode(events));
        assertThat(decoded).hasSameSizeAs(events);
        for (int i = 0; i < events.size(); i++) {
            assertSame(events.get(i), decoded.get(i));
        }
        return events.size();
    }

    private static void assertSame(Event event, Event decoded) {
        assertThat(decoded.json()).isEqualTo(event.json());
        assertThat(new Event(
                        decoded.type(),
                        decoded.messageId(),
                        decoded.source(),
                        decoded.timestamp(),
                        decoded.receivedAt(),
                        decoded.integrations(),
                        event.json()))
                .isEqualTo(event);
    }

    private byte[] mutated(byte[] seed) {
        byte[] body = seed;
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(body.length);
            body = switch (random.nextInt(5)) {
                case 0 -> splice(body, at, Math.min(body.length, at + 1 + random.nextInt(8)), new byte[0]);
                case 1 -> splice(body, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 2 ->
                    splice(
                            body,
                            at,
                            at,
                            TOKENS.get(random.nextInt(TOKENS.size())).getBytes(UTF_8));
                case 3 -> splice(body, at, at, piece(body));
                default -> random.nextInt(10) == 0 ? Arrays.copyOf(body, at) : afterComma(body, at);
            };
            if (body.length == 0) {
                return body;
            }
        }
        return body;
    }

    /** A member where one may stand, so that many mutants stay valid. */
    private byte[] afterComma(byte[] body, int from) {
        int at = from;
        while (at < body.length - 1 && !(body[at] == ',' && body[at + 1] == '"')) {
            at++;
        }
        String token = TOKENS.get(random.nextInt(TOKENS.size()));
        return splice(body, at + 1, at + 1, token.endsWith(",") ? token.getBytes(UTF_8) : " ".getBytes(UTF_8));
    }

    private byte[] piece(byte[] body) {
        int start = random.nextInt(body.length);
        return Arrays.copyOfRange(body, start, Math.min(body.length, start + random.nextInt(60)));
    }

    private static byte[] splice(byte[] body, int start, int end, byte[] insert) {
        byte[] result = new byte[body.length - (end - start) + insert.length];
        System.arraycopy(body, 0, result, 0, start);
        System.arraycopy(insert, 0, result, start, insert.length);
        System.arraycopy(body, end, result, start + insert.length, body.length - end);
        return result;
    }
}
