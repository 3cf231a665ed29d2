package com.evefan.health;

import com.evefan.counters.Counter;
import com.evefan.counters.SafeText;
import com.evefan.ingest.SourceCounters;
import com.evefan.journal.JournalStatus;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** Camel's developer console {@code /q/dev/evefan}: everything an operator asks first, as text or JSON. */
public final class EvefanConsole extends AbstractDevConsole {
    private static final String SOURCE = "  %-16s %12s %12s %12s %14s%n";

    private final Health health;
    private final HealthAnswer answer;
    private final Supplier<Map<String, SourceCounters>> sources;

    public EvefanConsole(Health health, HealthAnswer answer, Supplier<Map<String, SourceCounters>> sources) {
        super("evefan", "evefan", "Evefan", "Sources, destinations, journal and broker of Evefan");
        this.health = health;
        this.answer = answer;
        this.sources = sources;
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        HealthReport report = health.report();
        StringBuilder text = new StringBuilder(2_000);
        text.append(report.headline()).append("\n\nSources\n");
        text.append(SOURCE.formatted("name", "accepted", "rejected", "duplicates", "bytes"));
        sources.get()
                .forEach((name, one) -> text.append(
                        SOURCE.formatted(name, one.accepted(), one.rejected(), one.duplicates(), one.bytes())));
        text.append("\nDestinations\n");
        text.append("  %-16s %-13s".formatted("name", "status"));
        for (Counter counter : Counter.values()) {
            text.append(" %12s".formatted(counter.member()));
        }
        text.append(" %10s%n".formatted("oldest"));
        report.destinations().forEach((name, one) -> text.append(line(name, one)));
        appendJournal(text, report.journal());
        if (!report.routes().isEmpty()) {
            text.append("\nRoute files\n");
            report.routes().forEach(problem -> text.append("  ").append(problem).append('\n'));
        }
        text.append("\nBroker\n  ")
                .append(report.broker().up() ? "up" : "down: " + report.broker().message());
        return text.append(" since ")
                .append(report.broker().since())
                .append('\n')
                .toString();
    }

    private static String line(String name, DestinationHealth one) {
        StringBuilder line =
                new StringBuilder("  %-16s %-13s".formatted(name, one.status().wireName()));
        for (Counter counter : Counter.values()) {
            line.append(" %12d".formatted(one.counters().get(counter)));
        }
        line.append(" %10s%n".formatted(seconds(one.oldestPending())));
        if (!one.message().isEmpty()) {
            line.append("    ").append(SafeText.ownWords(one.message())).append('\n');
        }
        return line.toString();
    }

    private static void appendJournal(StringBuilder text, @org.jspecify.annotations.Nullable JournalStatus journal) {
        text.append("\nJournal\n  ");
        if (journal == null) {
            text.append("closed\n");
            return;
        }
        text.append(journal.state().name().toLowerCase(Locale.ROOT));
        if (journal.reason() != null) {
            text.append(": ").append(journal.reason());
        }
        text.append(", ").append(journal.events()).append(" events and ");
        text.append(journal.bytes()).append(" bytes kept, ");
        text.append(journal.undelivered()).append(" events not delivered everywhere");
        if (journal.holdsUp() != null) {
            text.append(" (").append(journal.holdsUp()).append(" is furthest behind)");
        }
        text.append(", ").append(journal.appended()).append(" appended since the start, ");
        text.append(journal.syncs()).append(" fsyncs\n");
        journal.damage().forEach(damage -> text.append("    ").append(damage).append('\n'));
    }

    private static String seconds(Duration age) {
        return age.isZero() ? "-" : age.toSeconds() + " s";
    }

    /** Whoever may read numbers may look here, so what other sides have said is left to {@code /v1/health}. */
    private static void inOwnWords(JsonNode json) {
        if (json instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (member.getKey().toLowerCase(Locale.ROOT).endsWith("message")) {
                    member.setValue(
                            TextNode.valueOf(SafeText.ownWords(member.getValue().asText())));
                }
            }
        }
        json.forEach(EvefanConsole::inOwnWords);
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        ObjectNode json = answer.json(health.report());
        ObjectNode all = json.putObject("sources");
        sources.get()
                .forEach((name, one) -> all.putObject(name)
                        .put("accepted", one.accepted())
                        .put("rejected", one.rejected())
                        .put("duplicates", one.duplicates())
                        .put("bots", one.bots())
                        .put("bytes", one.bytes())
                        .put("limitedRequests", one.limited()));
        inOwnWords(json);
        try {
            return (JsonObject) Jsoner.deserialize(json.toString());
        } catch (DeserializationException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }
}
