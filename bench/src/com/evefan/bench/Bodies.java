package com.evefan.bench;

import com.evefan.event.Event;
import com.evefan.event.EventLimits;
import com.evefan.event.EventReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Request bodies that SDKs sent to a recording server, in turn, each with message ids that no other has. For one thread.
 */
final class Bodies {
    private static final Path RECORDED = Path.of("src/test/resources/event/sdk-requests.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "bench-000000-000000000000";
    private static final byte[] SEPARATOR = {','};
    private static int run;

    private final List<Template> templates;
    private final byte[] id;
    private final int digits = ID.length();
    private int next;
    private long count;

    private Bodies(List<Template> templates) {
        this.templates = templates;
        this.id = String.format("bench-%06d-%012d", ++run, 0).getBytes(StandardCharsets.US_ASCII);
    }

    /** Where a body goes, and its bytes between the message ids. */
    private record Template(String path, List<byte[]> pieces, int length) {
        int events() {
            return pieces.size() - 1;
        }
    }

    /** No bodies to send. */
    static Bodies none() {
        return new Bodies(List.of());
    }

    /** The single events of the browser SDK, all types. */
    static Bodies single() throws IOException {
        List<Template> templates = new ArrayList<>();
        for (JsonNode request : recorded()) {
            ObjectNode body = body(request);
            if (!body.has("batch")) {
                templates.add(template(request.get("path").asText(), bytes(identified(body))));
            }
        }
        return new Bodies(templates);
    }

    /** The events of the server SDKs and of the browser's batching, {@code size} to a request. */
    static Bodies batches(int size) throws Exception {
        List<byte[]> events = new ArrayList<>();
        for (JsonNode request : recorded()) {
            for (JsonNode event : body(request).path("batch")) {
                byte[] bytes = bytes(identified((ObjectNode) event));
                if (isDelivered(bytes)) {
                    events.add(bytes);
                }
            }
        }
        List<Template> templates = new ArrayList<>();
        for (int first = 0; first < events.size(); first++) {
            List<byte[]> parts = new ArrayList<>(List.of("{\"batch\":[".getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < size; i++) {
                parts.add(events.get((first + i) % events.size()));
                parts.add(i < size - 1 ? SEPARATOR : "]}".getBytes(StandardCharsets.UTF_8));
            }
            templates.add(template("/v1/batch", concatenated(parts)));
        }
        return new Bodies(templates);
    }

    /** As the SDKs mix them: of five requests four are a browser's single events, one is a server's batch of 20. */
    static Bodies mixed() throws Exception {
        List<Template> singles = single().templates;
        List<Template> batches = batches(20).templates;
        List<Template> mixed = new ArrayList<>();
        for (int i = 0; i < 5 * batches.size(); i++) {
            mixed.add(i % 5 == 4 ? batches.get(i / 5) : singles.get(i % singles.size()));
        }
        return new Bodies(mixed);
    }

    /** Turns to the next body. */
    String nextPath() {
        next = (next + 1) % templates.size();
        return templates.get(next).path();
    }

    /** The body turned to, with new message ids. */
    ByteBuf body() {
        Template template = templates.get(next);
        ByteBuf body = PooledByteBufAllocator.DEFAULT.buffer(template.length());
        List<byte[]> pieces = template.pieces();
        body.writeBytes(pieces.get(0));
        for (int i = 1; i < pieces.size(); i++) {
            body.writeBytes(nextId()).writeBytes(pieces.get(i));
        }
        return body;
    }

    /** The events in one body on average. */
    double eventsPerBody() {
        return templates.stream().mapToInt(Template::events).average().orElseThrow();
    }

    /** The size of an event as sent on average, in bytes. */
    double bytesPerEvent() {
        return templates.stream().mapToInt(Template::length).average().orElseThrow() / eventsPerBody();
    }

    private byte[] nextId() {
        long left = ++count;
        for (int i = digits - 1; id[i] != '-'; i--) {
            id[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        return id;
    }

    private static List<JsonNode> recorded() throws IOException {
        List<JsonNode> requests = new ArrayList<>();
        for (String line : Files.readAllLines(RECORDED)) {
            requests.add(JSON.readTree(line));
        }
        return requests;
    }

    private static ObjectNode body(JsonNode request) throws IOException {
        ObjectNode body = (ObjectNode) JSON.readTree(request.get("body").asText());
        body.remove("writeKey");
        return body;
    }

    private static ObjectNode identified(ObjectNode event) {
        event.remove("writeKey");
        return event.put("messageId", ID);
    }

    /** Events that PostgreSQL is not to get, or nobody, would be counted as sent and never arrive. */
    private static boolean isDelivered(byte[] event) throws Exception {
        EventReader reader = new EventReader(EventLimits.DEFAULT, Clock.systemUTC(), () -> ID);
        List<Event> accepted = reader.parse(event)
                .read("bench", Optional.empty(), Optional.empty())
                .accepted()
                .events();
        return !accepted.isEmpty() && accepted.get(0).integrations().allows("postgres");
    }

    private static byte[] bytes(JsonNode json) throws IOException {
        return JSON.writeValueAsBytes(json);
    }

    private static Template template(String path, byte[] body) {
        String[] pieces = new String(body, StandardCharsets.ISO_8859_1).split(ID, -1);
        List<byte[]> split = new ArrayList<>();
        for (String piece : pieces) {
            split.add(piece.getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Template(path, split, body.length);
    }

    private static byte[] concatenated(List<byte[]> parts) {
        int length = parts.stream().mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int position = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, position, part.length);
            position += part.length;
        }
        return all;
    }
}
