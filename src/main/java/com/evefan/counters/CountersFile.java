package com.evefan.counters;

import com.evefan.files.PrivateFiles;
import com.evefan.journal.Place.Tally;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters as JSON in a file that is replaced as a whole. */
final class CountersFile {
    private static final Logger LOG = LoggerFactory.getLogger(CountersFile.class);
    private static final int VERSION = 2;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;

    CountersFile(Path path) {
        this.path = path;
    }

    /** What is in the file, by destination. */
    Map<String, Books> read() throws IOException {
        Map<String, Books> all = new TreeMap<>();
        if (!Files.exists(path)) {
            return all;
        }
        try {
            JsonNode root = JSON.readTree(path.toFile());
            root.path("destinations")
                    .properties()
                    .forEach(entry -> all.put(
                            entry.getKey(),
                            books(entry.getValue(), root.path("version").asInt() < VERSION)));
            return all;
        } catch (IOException | IllegalArgumentException | java.time.DateTimeException e) {
            Path aside = path.resolveSibling(path.getFileName() + ".damaged");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("The saved counters cannot be read and begin anew; what was saved is in {}", aside);
            return Map.of();
        }
    }

    void write(Map<String, Books> all) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION);
        ObjectNode destinations = root.putObject("destinations");
        all.forEach((name, books) -> write(books, destinations.putObject(name)));
        PrivateFiles.write(path, JSON.writeValueAsString(root));
    }

    private static void write(Books books, ObjectNode json) {
        Counter.stored().forEach(counter -> json.put(counter.member(), books.get(counter)));
        json.put("paused", books.paused())
                .put("oldQueue", books.oldQueue())
                .put("delivered", books.beside().delivered())
                .put("rejected", books.beside().rejected())
                .put("dead", books.beside().dead());
        Outage outage = books.outage();
        if (outage != null) {
            json.putObject("outage")
                    .put("since", outage.since().toString())
                    .put("attempts", outage.attempts())
                    .put("setUp", outage.setUp())
                    .put("message", outage.message());
        }
        books.errors()
                .forEach(error -> json.withArray("errors")
                        .addObject()
                        .put("reason", error.reason())
                        .put("count", error.count())
                        .put("firstSeen", error.firstSeen().toString())
                        .put("lastSeen", error.lastSeen().toString())
                        .put("lastMessage", error.lastMessage()));
    }

    private static Books books(JsonNode json, boolean old) {
        List<ErrorCounter> errors = new ArrayList<>();
        json.path("errors")
                .forEach(error -> errors.add(new ErrorCounter(
                        error.path("reason").asText(),
                        error.path("count").asLong(),
                        Instant.parse(error.path("firstSeen").asText()),
                        Instant.parse(error.path("lastSeen").asText()),
                        error.path("lastMessage").asText())));
        Map<Counter, Long> counts = new EnumMap<>(Counter.class);
        Counter.stored()
                .forEach(counter ->
                        counts.put(counter, json.path(counter.member()).asLong()));
        // Before there were places, these were all that had been delivered, rejected and dead.
        Tally beside = new Tally(
                json.path("delivered").asLong(),
                json.path("rejected").asLong(),
                json.path("dead").asLong(),
                0);
        return new Books(
                counts,
                beside,
                outage(json.path("outage")),
                json.path("paused").asBoolean(),
                old || json.path("oldQueue").asBoolean(),
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

    private static @Nullable Instant instant(JsonNode json) {
        return json.isTextual() ? Instant.parse(json.asText()) : null;
    }
}
