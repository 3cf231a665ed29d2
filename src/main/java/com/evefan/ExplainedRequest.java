package com.evefan;

import com.evefan.LocalCommand.UsageException;
import com.evefan.configuration.Configuration;
import com.evefan.enrichment.Bots;
import com.evefan.enrichment.ContextEnrichment;
import com.evefan.event.Arrival;
import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.ReadResult;
import com.evefan.event.RequestBody;
import com.evefan.event.RequestTooLargeException;
import com.evefan.ingest.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads events for {@code explain} as if a source had sent them, with what the source drops and what is added. */
final class ExplainedRequest {
    private final Configuration configuration;
    private final Clock clock;
    private final Supplier<String> ids;

    ExplainedRequest(Configuration configuration) {
        this(configuration, Clock.systemUTC(), () -> UUID.randomUUID().toString());
    }

    /** One that always makes the same of the same: for files of {@code tests/}. */
    static ExplainedRequest at(Configuration configuration, Instant time) {
        AtomicInteger made = new AtomicInteger();
        return new ExplainedRequest(
                configuration, Clock.fixed(time, ZoneOffset.UTC), () -> "test-" + made.incrementAndGet());
    }

    private ExplainedRequest(Configuration configuration, Clock clock, Supplier<String> ids) {
        this.configuration = configuration;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * @param file JSON; {@code -} for {@code in}
     * @param typeName of those that name none
     * @param sourceName whose events they are; where it is not said, what the body says, or else the first
     * @throws UsageException when one of them names nothing that there is
     */
    ReadResult read(String file, @Nullable String typeName, @Nullable String sourceName, InputStream in)
            throws Exception {
        return read(bytes(file, in), typeName, sourceName);
    }

    /** The same for JSON that is there. */
    ReadResult read(byte[] json, @Nullable String typeName, @Nullable String sourceName) throws Exception {
        EventReader reader = new EventReader(configuration.limits(), clock, ids);
        RequestBody body = parse(reader, json);
        Optional<EventType> type = typeName == null ? Optional.empty() : Optional.of(type(typeName));
        Source source = source(sourceName, body);
        try (ContextEnrichment enrichment =
                ContextEnrichment.open(configuration.enrichment(), source.bots() != Bots.KEEP)) {
            return body.read(new Arrival(
                    source.name(),
                    source.ids(),
                    type,
                    null,
                    source.kind(),
                    null,
                    enrichment.with(null, header -> null, source.bots()),
                    source.redaction(),
                    Evefan.plan(configuration, Clock.systemUTC()).of(source.name(), source.plan())));
        }
    }

    private static RequestBody parse(EventReader reader, byte[] bytes) throws UsageException {
        try {
            return reader.parse(bytes);
        } catch (MalformedRequestException | RequestTooLargeException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    static byte[] bytes(String name, InputStream in) throws IOException, UsageException {
        if (name.equals("-")) {
            return in.readAllBytes();
        }
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new UsageException(file + " is no file");
        }
        return Files.readAllBytes(file);
    }

    private static EventType type(String name) throws UsageException {
        for (EventType type : EventType.values()) {
            if (type.wireName().equals(name)) {
                return type;
            }
        }
        throw new UsageException("there is no type of event called " + name);
    }

    /** The one named; without a name the one whose write key the body has, or else the first. */
    private Source source(@Nullable String name, RequestBody body) throws UsageException {
        List<Source> all = configuration.sources().all();
        if (name == null) {
            return body.writeKey().flatMap(configuration.sources()::of).orElse(all.get(0));
        }
        return all.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("there is no source called " + name + ", only " + all));
    }
}
