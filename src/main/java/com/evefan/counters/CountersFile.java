package com.evefan.counters;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters as JSON in a file that is replaced as a whole. */
final class CountersFile {
    private static final Logger LOG = LoggerFactory.getLogger(CountersFile.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;

    CountersFile(Path path) {
        this.path = path;
    }

    /**
     * What is in the file.
     *
     * @param complete whether it was written after the last delivery of its process
     */
    record Content(boolean complete, Collection<DestinationCounters> destinations) {}

    Content read() throws IOException {
        if (!Files.exists(path)) {
            return new Content(false, List.of());
        }
        try {
            JsonNode root = JSON.readTree(path.toFile());
            List<DestinationCounters> destinations = new ArrayList<>();
            root.path("destinations")
                    .properties()
                    .forEach(entry -> destinations.add(counters(entry.getKey(), entry.getValue())));
            return new Content(root.path("complete").asBoolean(), destinations);
        } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
            Path aside = path.resolveSibling(path.getFileName() + ".damaged");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("The saved counters cannot be read and begin anew; what was saved is in {}", aside);
            return new Content(false, List.of());
        }
    }

    void write(Content content) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", 1).put("complete", content.complete());
        ObjectNode destinations = root.putObject("destinations");
        content.destinations().forEach(counters -> write(counters, destinations.putObject(counters.destination())));
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.write(next, JSON.writeValueAsBytes(root));
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(DestinationCounters counters, ObjectNode json) {
        json.put("delivered", counters.delivered())
                .put("retried", counters.retried())
                .put("rejected", counters.rejected())
                .put("dead", counters.dead())
                .put("deleted", counters.deleted())
                .put("retrying", counters.retrying())
                .put("retryingBytes", counters.retryingBytes())
                .put("oldestRetrying", text(counters.oldestRetrying()));
        Outage outage = counters.outage();
        if (outage != null) {
            json.putObject("outage")
                    .put("since", outage.since().toString())
                    .put("attempts", outage.attempts())
                    .put("setUp", outage.setUp())
                    .put("message", outage.message());
        }
        counters.errors()
                .forEach(error -> json.withArray("errors")
                        .addObject()
                        .put("reason", error.reason())
                        .put("count", error.count())
                        .put("firstSeen", error.firstSeen().toString())
                        .put("lastSeen", error.lastSeen().toString())
                        .put("lastMessage", error.lastMessage()));
    }

    private static DestinationCounters counters(String name, JsonNode json) {
        List<ErrorCounter> errors = new ArrayList<>();
        json.path("errors")
                .forEach(error -> errors.add(new ErrorCounter(
                        error.path("reason").asText(),
                        error.path("count").asLong(),
                        Instant.parse(error.path("firstSeen").asText()),
                        Instant.parse(error.path("lastSeen").asText()),
                        error.path("lastMessage").asText())));
        return new DestinationCounters(
                name,
                0,
                json.path("delivered").asLong(),
                json.path("retried").asLong(),
                json.path("rejected").asLong(),
                json.path("dead").asLong(),
                json.path("deleted").asLong(),
                0,
                0,
                json.path("retrying").asLong(),
                json.path("retryingBytes").asLong(),
                instant(json.path("oldestRetrying")),
                outage(json.path("outage")),
                errors);
    }

    private static @Nullable Outage outage(JsonNode json) {
        Instant since = instant(json.path("since"));
        return since == null
                ? null
                : new Outage(
                        since,
                        json.path("attempts").asLong(),
                        json.path("setUp").asBoolean(),
                        json.path("message").asText());
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable Instant instant(JsonNode json) {
        return json.isTextual() ? Instant.parse(json.asText()) : null;
    }
}
