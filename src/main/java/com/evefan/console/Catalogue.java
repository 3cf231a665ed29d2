package com.evefan.console;

import com.evefan.files.PrivateFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which events each source has ever sent, by name, and with which libraries: first, last and how many. Counted from
 * {@linkplain Traffic a sample}, so numbers are estimates where much comes. Bounded, as names come from outside; kept in a
 * file, saved each minute: a kill loses what came since. Thread-safe.
 */
public final class Catalogue {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_NAMES = 1_000;
    private static final int MOST_SDKS = 50;
    private static final int MOST_SOURCES = 1_000;

    private final Path path;
    private final Map<String, OfSource> sources = new TreeMap<>();
    private Instant since;
    private boolean changed;
    private boolean saveFails;

    private record Key(String first, String second) {}

    private static final class Times {
        double count;
        Instant first;
        Instant last;

        Times(double count, Instant first, Instant last) {
            this.count = count;
            this.first = first;
            this.last = last;
        }
    }

    private static final class OfSource {
        final Map<Key, Times> names = new LinkedHashMap<>();
        final Map<Key, Times> sdks = new LinkedHashMap<>();
        double others;
    }

    public Catalogue(Path path, Clock clock) {
        this.path = path;
        this.since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Takes over what was saved; begins anew where that cannot be read. */
    public synchronized void load() {
        try {
            if (Files.exists(path)) {
                restore(JSON.readTree(Files.readAllBytes(path)));
            }
        } catch (IOException | DateTimeException e) {
            LOG.warn("The catalogue of event names begins anew, as {} cannot be read: {}", path, e.toString());
            sources.clear();
        }
    }

    /** When the last event of each source came, as far as it was looked at. */
    public synchronized Map<String, Instant> lastSeen() {
        Map<String, Instant> last = new HashMap<>();
        sources.forEach((name, source) -> source.names
                .values()
                .forEach(times -> last.merge(name, times.last, (one, other) -> one.isAfter(other) ? one : other)));
        return last;
    }

    /** Counts what was looked at within a second. */
    synchronized void add(Traffic.Second second) {
        Map<String, Integer> looked = new HashMap<>();
        for (Row row : second.rows()) {
            if (row.reason() == null) {
                looked.merge(row.source(), 1, Integer::sum);
            }
        }
        for (Row row : second.rows()) {
            if (row.reason() == null && (sources.containsKey(row.source()) || sources.size() < MOST_SOURCES)) {
                double each = Math.max(
                        1,
                        second.seen().getOrDefault(row.source(), 0L) / (double) looked.getOrDefault(row.source(), 1));
                add(sources.computeIfAbsent(row.source(), name -> new OfSource()), row, each);
                changed = true;
            }
        }
    }

    private static void add(OfSource source, Row row, double times) {
        Key name = new Key(row.name() == null ? row.type() : row.name(), row.type());
        if (!add(source.names, name, row.at(), times, MOST_NAMES)) {
            source.others += times;
        }
        Row.Sdk sdk = row.sdk();
        if (sdk != null) {
            add(source.sdks, new Key(sdk.name(), sdk.version()), row.at(), times, MOST_SDKS);
        }
    }

    private static boolean add(Map<Key, Times> all, Key key, Instant at, double times, int most) {
        Times known = all.get(key);
        if (known != null) {
            known.count += times;
            known.last = at.isAfter(known.last) ? at : known.last;
            return true;
        }
        return all.size() < most && all.put(key, new Times(times, at, at)) == null;
    }

    /** What is known of {@code source}, as part of an answer. */
    synchronized void write(String source, ObjectNode json) {
        OfSource own = sources.getOrDefault(source, new OfSource());
        ArrayNode sdks = json.putArray("sdks");
        sorted(own.sdks)
                .forEach(sdk -> sdks.addObject()
                        .put("name", sdk.getKey().first())
                        .put("version", sdk.getKey().second())
                        .put("count", Math.round(sdk.getValue().count))
                        .put("lastSeen", sdk.getValue().last.toString()));
        ArrayNode names = json.putArray("names");
        Map<Key, String> plain = new HashMap<>();
        for (Map.Entry<Key, Times> name : sorted(own.names)) {
            ObjectNode one = names.addObject()
                    .put("name", name.getKey().first())
                    .put("type", name.getKey().second())
                    .put("count", Math.round(name.getValue().count))
                    .put("firstSeen", name.getValue().first.toString())
                    .put("lastSeen", name.getValue().last.toString());
            Key form = new Key(
                    name.getKey().first().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", ""),
                    name.getKey().second());
            String similar = plain.putIfAbsent(form, name.getKey().first());
            if (similar != null) {
                one.put("similarTo", similar);
            }
        }
        if (own.others > 0) {
            json.put("moreNames", Math.round(own.others));
        }
        json.put("catalogueSince", since.toString());
    }

    private static List<Map.Entry<Key, Times>> sorted(Map<Key, Times> all) {
        List<Map.Entry<Key, Times>> sorted = new ArrayList<>(all.entrySet());
        sorted.sort(Comparator.comparingDouble(one -> -one.getValue().count));
        return sorted;
    }

    /** Saves it where it has changed. */
    void save() {
        String text;
        synchronized (this) {
            if (!changed) {
                return;
            }
            changed = false;
            ObjectNode json = JSON.createObjectNode().put("since", since.toString());
            ObjectNode all = json.putObject("sources");
            sources.forEach((name, source) -> {
                ObjectNode own = all.putObject(name).put("others", source.others);
                write(source.names, own.putArray("names"));
                write(source.sdks, own.putArray("sdks"));
            });
            text = json.toString();
        }
        try {
            PrivateFiles.write(path, text);
            saveFails = false;
        } catch (IOException e) {
            if (!saveFails) {
                LOG.warn("The catalogue of event names cannot be saved: {}", e.toString());
            }
            saveFails = true;
        }
    }

    private static void write(Map<Key, Times> all, ArrayNode json) {
        all.forEach((key, times) -> json.addArray()
                .add(key.first())
                .add(key.second())
                .add(times.count)
                .add(times.first.toString())
                .add(times.last.toString()));
    }

    private void restore(JsonNode json) {
        since = Instant.parse(json.path("since").asText());
        json.path("sources").properties().forEach(source -> {
            OfSource own = new OfSource();
            own.others = source.getValue().path("others").asDouble();
            read(source.getValue().path("names"), own.names);
            read(source.getValue().path("sdks"), own.sdks);
            sources.put(source.getKey(), own);
        });
    }

    private static void read(JsonNode json, Map<Key, Times> all) {
        for (JsonNode one : json) {
            all.put(
                    new Key(one.path(0).asText(), one.path(1).asText()),
                    new Times(
                            one.path(2).asDouble(),
                            Instant.parse(one.path(3).asText()),
                            Instant.parse(one.path(4).asText())));
        }
    }
}
