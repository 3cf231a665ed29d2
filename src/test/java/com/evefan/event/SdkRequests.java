package com.evefan.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Requests that unmodified SDKs sent to a recording server. */
final class SdkRequests {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SdkRequests() {}

    record Request(String path, String body) {}

    /** A few of each SDK, in the test resources. */
    static List<Request> sample() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SdkRequests.class.getResourceAsStream("/event/sdk-requests.jsonl"))) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .map(SdkRequests::node)
                    .map(node -> new Request(
                            node.get("path").asText(), node.get("body").asText()))
                    .toList();
        }
    }

    /** Every recorded request that carries events; empty where the recordings are not at hand. */
    static List<Request> all() throws IOException {
        Path clients = Path.of("../shared/fixtures/clients");
        if (!Files.isDirectory(clients)) {
            return List.of();
        }
        List<Request> requests = new ArrayList<>();
        try (Stream<Path> files = Files.list(clients)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode node = node(line);
                    if (node.get("method").asText().equals("POST")
                            && !node.get("path").asText().endsWith("/m")) {
                        requests.add(new Request(
                                node.get("path").asText(), node.get("body").asText()));
                    }
                }
            }
        }
        return requests;
    }

    static JsonNode node(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
