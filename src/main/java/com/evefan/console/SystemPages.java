package com.evefan.console;

import com.evefan.admin.ApiException;
import com.evefan.broker.BrokerStatus;
import com.evefan.configuration.Configuration;
import com.evefan.counters.SafeText;
import com.evefan.delivery.BatchSettings;
import com.evefan.delivery.Destinations;
import com.evefan.health.DestinationHealth;
import com.evefan.health.HealthAnswer;
import com.evefan.health.HealthReport;
import com.evefan.ingest.Refusals;
import com.evefan.ingest.Source;
import com.evefan.ingest.Sources;
import com.evefan.journal.Journal;
import com.evefan.journal.JournalException;
import com.evefan.journal.JournalStatus;
import com.evefan.journal.Place;
import com.evefan.management.ManagementRoutes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedProcessorMBean;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/** One source, one destination, and Evefan itself, with their settings; bound as {@code systemPages}. */
public final class SystemPages {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[?!]?([^:{}]+)[^{}]*}}");
    private static final Pattern SECRET = Pattern.compile("(?i).*(token|password|passwd|secret|key|salt|credential).*");
    /** Who knows the path of a chat's webhook can send to it. */
    private static final Pattern PATH_OF_URL = Pattern.compile("(?<=[a-z]://[^/]{1,300}/).+");

    /** Made of others, and no setting of anybody. */
    private static final Set<String> DERIVED = Set.of(
            "evefan.postgres.jdbc-url",
            "evefan.mixpanel.enabled",
            "evefan.bigquery.enabled",
            "camel.main.shutdown-timeout");

    private static final int MOST_LINES = 2_000;

    private final Console console;
    private final Catalogue catalogue;
    private final Configuration configuration;
    private final Sources sources;
    private final Destinations destinations;
    private final Supplier<Journal> journal;
    private final OwnSender sender;
    private final Console.Facts facts;
    private final CamelContext context;
    private final Clock clock;

    public SystemPages(
            Console console,
            Catalogue catalogue,
            Configuration configuration,
            Destinations destinations,
            Supplier<Journal> journal,
            OwnSender sender,
            Console.Facts facts,
            CamelContext context,
            Clock clock) {
        this.console = console;
        this.catalogue = catalogue;
        this.configuration = configuration;
        this.sources = configuration.sources();
        this.destinations = destinations;
        this.journal = journal;
        this.sender = sender;
        this.facts = facts;
        this.context = context;
        this.clock = clock;
    }

    // ---- A source ---------------------------------------------------------------------------------------------------

    /** One source, its SDKs and its event names. */
    public byte[] source(@Header("source") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        Source source = sources.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ApiException(404, "there is no source " + name + ", only " + sources.all()));
        Map<String, String> properties = configuration.properties();
        String prefix = "evefan.source." + name + ".";
        ObjectNode json = Console.JSON.createObjectNode().put("name", name);
        json.set("state", console.source(name));
        json.put("kind", source.kind().name().toLowerCase(java.util.Locale.ROOT))
                .put("enabled", source.enabled())
                .put("maskedKey", masked(source.writeKey()))
                .put("rateLimit", source.rateLimit())
                .put("publicUrl", facts.publicUrl());
        if (ManagementRoutes.isOfAdmin(exchange)) {
            json.put("writeKey", source.writeKey());
        }
        ArrayNode origins = json.putArray("allowedOrigins");
        new TreeSet<>(source.allowedOrigins()).forEach(origins::add);
        list(json, "drop", properties.getOrDefault(prefix + "drop", ""));
        list(json, "hash", properties.getOrDefault(prefix + "hash", ""));
        catalogue.write(name, json);
        ArrayNode refused = json.putArray("refused");
        for (Map.Entry<Refusals.Refused, Long> one : sources.refusals().counts().entrySet()) {
            if (one.getKey().source().equals(name) && one.getValue() > 0) {
                refused.addObject().put("reason", one.getKey().reason()).put("count", one.getValue());
            }
        }
        return Console.answer(exchange, json);
    }

    private static String masked(String key) {
        return key.length() < 12 ? "••••••••" : key.substring(0, 3) + "••••••••" + key.substring(key.length() - 4);
    }

    private static void list(ObjectNode json, String name, String value) {
        ArrayNode list = json.putArray(name);
        for (String part : value.split(",")) {
            if (!part.isBlank()) {
                list.add(part.strip());
            }
        }
    }

    /** Sends a test event in the name of a source. */
    public byte[] testEvent(@Header("source") String name, Exchange exchange)
            throws ApiException, JsonProcessingException, InterruptedException {
        Source source = sender.source(name);
        String messageId = "test-" + UUID.randomUUID();
        long start = System.nanoTime();
        sender.send(source, EventPages.testEvent(messageId));
        double millis = (System.nanoTime() - start) / 1e6;
        return Console.answer(
                exchange,
                Console.JSON
                        .createObjectNode()
                        .put("messageId", messageId)
                        .put(
                                "acceptedAt",
                                clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                        .put("millis", Math.round(millis * 10) / 10.0));
    }

    // ---- A destination ----------------------------------------------------------------------------------------------

    /** One destination, its settings and its route. */
    public byte[] destination(@Header("destination") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        HealthReport report = console.report();
        DestinationHealth health = report.destinations().get(name);
        ObjectNode state = console.destination(name, report);
        if (health == null || state == null) {
            throw new ApiException(404, "there is no destination " + name);
        }
        ObjectNode json = Console.JSON.createObjectNode().put("name", name);
        json.set("state", state);
        HealthAnswer.write(health, json.putObject("health"));
        BatchSettings batch = BatchSettings.of(name, key -> context.resolvePropertyPlaceholders("{{" + key + ":}}"));
        json.putObject("batch")
                .put("maxEvents", batch.maxEvents())
                .put("maxBytes", batch.maxBytes())
                .put("maxAgeMs", batch.maxAgeMillis());
        json.putObject("retry").put("maxAgeMs", configuration.retry().maxAge().toMillis());
        RouteDefinition route =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(name);
        List<String> lines = lines(route);
        settings(name, lines, json.putArray("settings"));
        write(route, lines, json.putObject("route"));
        return Console.answer(exchange, json);
    }

    private static @Nullable Path file(@Nullable RouteDefinition route) {
        String location = route == null || route.getResource() == null
                ? ""
                : route.getResource().getLocation();
        return location.startsWith("file:") ? Path.of(location.substring("file:".length())) : null;
    }

    /** Of its file; none where that is gone. */
    private static List<String> lines(@Nullable RouteDefinition route) {
        Path file = file(route);
        try {
            return file == null || !Files.isRegularFile(file)
                    ? List.of()
                    : Files.readAllLines(file).stream().limit(MOST_LINES).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void settings(String name, List<String> lines, ArrayNode json) {
        Set<String> keys = new TreeSet<>();
        Matcher named = PLACEHOLDER.matcher(String.join("\n", lines));
        while (named.find()) {
            keys.add(named.group(1).strip());
        }
        for (String key : configuration.properties().keySet()) {
            if (key.startsWith("evefan." + name + ".") || key.startsWith(name + ".")) {
                keys.add(key);
            }
        }
        keys.removeAll(DERIVED);
        for (String key : keys) {
            String value = configuration.properties().get(key);
            if (value == null && configuration.isSet(key)) {
                value = context.resolvePropertyPlaceholders("{{" + key + ":}}");
            }
            write(key, value == null ? "" : value, json);
        }
    }

    private void write(String key, String value, ArrayNode json) {
        ObjectNode one = json.addObject().put("key", key);
        String standard = configuration.defaults().get(key);
        if (SECRET.matcher(key).matches()) {
            one.put("value", value.isBlank() ? "empty" : "set").put("secret", true);
            return;
        }
        one.put("value", shown(key, value));
        if (standard != null) {
            one.put("default", shown(key, standard));
        }
    }

    private static String shown(String key, String value) {
        String safe = SafeText.quote(value);
        return key.startsWith("evefan.") || key.startsWith("camel.")
                ? safe
                : PATH_OF_URL.matcher(safe).replaceAll("…");
    }

    private void write(@Nullable RouteDefinition route, List<String> lines, ObjectNode json) {
        Path file = file(route);
        if (file != null) {
            Path here = Path.of("").toAbsolutePath();
            json.put("file", file.startsWith(here) ? here.relativize(file).toString() : file.toString());
        }
        if (!lines.isEmpty()) {
            ArrayNode text = json.putArray("lines");
            lines.forEach(line -> text.add(withoutSecrets(line)));
        }
        ArrayNode steps = json.putArray("steps");
        ManagedCamelContext managed = context.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        if (route == null || managed == null) {
            return;
        }
        String prefix = Objects.requireNonNullElse(route.getNodePrefixId(), "");
        for (ProcessorDefinition<?> step :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
            String id = step.getId();
            ManagedProcessorMBean counted = id == null ? null : counted(managed, prefix, id);
            if (counted != null) {
                ObjectNode one = steps.addObject()
                        .put("id", id.startsWith(prefix) ? id.substring(prefix.length()) : id)
                        .put("batches", counted.getExchangesTotal())
                        .put("failed", counted.getExchangesFailed());
                if (step.getLineNumber() > 0) {
                    one.put("line", step.getLineNumber());
                }
            }
        }
    }

    /** Placeholders stay, as they name a setting; what stands beside them, or as their default, may be a secret. */
    static String withoutSecrets(String line) {
        StringBuilder safe = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(line);
        int end = 0;
        while (placeholder.find()) {
            safe.append(SafeText.withoutSecrets(line.substring(end, placeholder.start())));
            safe.append(SafeText.withoutSecrets(placeholder.group()));
            end = placeholder.end();
        }
        return safe.append(SafeText.withoutSecrets(line.substring(end))).toString();
    }

    /** Camel leaves the prefix of a route out of a step's own id, and not out of its counters'. */
    private static @Nullable ManagedProcessorMBean counted(ManagedCamelContext managed, String prefix, String id) {
        ManagedProcessorMBean own = managed.getManagedProcessor(id);
        return own != null ? own : managed.getManagedProcessor(prefix + id);
    }

    // ---- Evefan itself ----------------------------------------------------------------------------------------------

    /** Versions, memory, disk, journal, broker, and the settings that are not the defaults. */
    public byte[] system(Exchange exchange) throws JsonProcessingException {
        HealthReport report = console.report();
        ObjectNode json = Console.JSON
                .createObjectNode()
                .put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("since", console.since().toString());
        json.putObject("versions")
                .put("evefan", facts.version())
                .put("camel", context.getVersion())
                .put("java", System.getProperty("java.vm.name") + " " + Runtime.version())
                .put(
                        "os",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        var process = ManagementFactory.getRuntimeMXBean();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                && os.getProcessCpuTime() > 0) {
            double share = os.getProcessCpuTime() / 1e6 / Math.max(1, process.getUptime());
            json.put("cpuPercent", Math.round(share * 1_000) / 10.0);
        }
        var memory = ManagementFactory.getMemoryMXBean();
        json.putObject("memory")
                .put("heapUsedBytes", memory.getHeapMemoryUsage().getUsed())
                .put("heapMaxBytes", memory.getHeapMemoryUsage().getMax())
                .put("otherUsedBytes", memory.getNonHeapMemoryUsage().getUsed());
        disk(json.putObject("disk"));
        JournalStatus status = report.journal();
        json.set("journal", console.journal(status));
        if (status != null) {
            details(status, json.putObject("journalDetails"));
        }
        broker(report.broker(), json.putObject("broker"));
        places(json.putArray("places"));
        ArrayNode settings = json.putArray("settings");
        Map<String, String> defaults = configuration.defaults();
        new TreeSet<>(configuration.properties().keySet())
                .stream()
                        .filter(key -> !DERIVED.contains(key))
                        .filter(key -> !configuration
                                .property(key)
                                .strip()
                                .equals(defaults.getOrDefault(key, "").strip()))
                        .forEach(key -> write(key, configuration.property(key), settings));
        json.putObject("links")
                .put("metrics", "/observe/metrics")
                .put("hawtio", "/hawtio/")
                .put("api", "/v1/openapi.json")
                .put("docs", facts.docs());
        return Console.answer(exchange, json);
    }

    private void disk(ObjectNode json) {
        Path data = configuration.dataDirectory();
        json.put("dataDirectory", data.toString());
        try {
            FileStore store = Files.getFileStore(data);
            json.put("freeBytes", store.getUsableSpace()).put("totalBytes", store.getTotalSpace());
        } catch (IOException e) {
            json.put("freeBytes", 0).put("totalBytes", 0);
        }
    }

    private void details(JournalStatus status, ObjectNode json) {
        json.put("kind", "local")
                .put("events", status.events())
                .put("retentionMs", configuration.journal().retention().toMillis());
        if (status.oldest() != null) {
            json.put("keptSince", status.oldest().toString());
        }
        json.put("appended", status.appended()).put("syncs", status.syncs()).put("writtenBytes", status.writtenBytes());
        ArrayNode damage = json.putArray("damage");
        status.damage().forEach(damage::add);
    }

    private void broker(BrokerStatus status, ObjectNode json) {
        json.put("embedded", configuration.broker().isEmbedded())
                .put("status", status.wireName())
                .put("since", status.since().toString());
        if (!configuration.broker().isEmbedded()) {
            json.put("url", configuration.broker().toString());
        }
        if (!status.text().isEmpty()) {
            json.put("message", status.text());
        }
    }

    private void places(ArrayNode json) {
        try {
            for (Place place : journal.get().places()) {
                Place.Status status = place.status();
                ObjectNode one = json.addObject()
                        .put("destination", place.destination())
                        .put("state", status.state().name().toLowerCase(java.util.Locale.ROOT))
                        .put("position", status.position())
                        .put("pending", status.pending())
                        .put("pendingBytes", status.pendingBytes())
                        .put("inHand", status.inHand());
                if (status.oldest() != null) {
                    one.put("oldest", status.oldest().toString());
                }
            }
        } catch (JournalException e) {
            // closed: it has no places now
        }
    }
}
