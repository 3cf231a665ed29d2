package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.deadletter.DeadLetterApi;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import com.evefan.destination.bigquery.BigQueryConnection;
import com.evefan.destination.bigquery.BigQuerySettings;
import com.evefan.destination.bigquery.BigQueryWriter;
import com.evefan.destination.custom.Answer;
import com.evefan.destination.custom.Events;
import com.evefan.destination.custom.OnEvents;
import com.evefan.destination.custom.Signature;
import com.evefan.destination.custom.WantedEvents;
import com.evefan.destination.mixpanel.Mixpanel;
import com.evefan.destination.mixpanel.MixpanelSettings;
import com.evefan.destination.mixpanel.StartCheck;
import com.evefan.destination.postgres.PostgresPool;
import com.evefan.destination.postgres.PostgresWriter;
import com.evefan.event.Person;
import com.evefan.history.ErasureApi.Holder;
import com.evefan.warehouse.Table;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;
import org.apache.camel.main.Main;

/** The beans that the routes of destinations refer to. */
final class ShippedDestinations {
    private ShippedDestinations() {}

    /**
     * @param meters takes what destinations count of their own
     * @param started takes what has to be closed in the end
     */
    static void bind(Configuration configuration, Main camel, MeterRegistry meters, Consumer<AutoCloseable> started) {
        HikariDataSource pool = PostgresPool.open(configuration.postgres());
        started.accept(pool);
        PostgresWriter postgres = new PostgresWriter(pool, configuration.postgres());
        started.accept(postgres);
        camel.bind("postgresWriter", postgres);
        camel.bind("mixpanel", new Mixpanel(configuration.mixpanel(), meters));
        GoogleBigQueryConnectionFactory bigQuery = BigQueryConnection.factory(configuration.bigQuery());
        BigQueryWriter bigQueryWriter = new BigQueryWriter(configuration.bigQuery(), bigQuery);
        started.accept(bigQueryWriter);
        camel.bind("bigQueryConnectionFactory", bigQuery);
        camel.bind("bigQueryWriter", bigQueryWriter);
        bindCustom(camel);
    }

    /** Once Camel runs: what a destination asks or does beside its route, which the start does not wait for. */
    static void check(Configuration configuration, CamelContext context, Destinations destinations) {
        if (configuration.bigQuery().enabled()) {
            DeadLetterApi deadLetters = context.getRegistry().lookupByNameAndType("operations", DeadLetterApi.class);
            context.getRegistry()
                    .lookupByNameAndType("bigQueryWriter", BigQueryWriter.class)
                    .replayBy(error -> deadLetters.beginReplay("bigquery", error));
        }
        Destination mixpanel = destinations.get("mixpanel");
        if (mixpanel != null && !configuration.mixpanel().token().isEmpty()) {
            StartCheck.begin(context, mixpanel::checked);
        }
    }

    /** Who has data of persons: what Evefan can delete there, and what an operator has to. */
    static List<Holder> holders(Configuration configuration, CamelContext context, Set<String> destinations) {
        List<Holder> holders = new ArrayList<>();
        for (String name : destinations) {
            holders.add(
                    switch (name) {
                        case "postgres" ->
                            new Postgres(
                                    context.getRegistry().lookupByNameAndType("postgresWriter", PostgresWriter.class));
                        case "bigquery" -> new ByHand(name, person -> bigQuery(configuration.bigQuery(), person));
                        case "mixpanel" -> new ByHand(name, person -> mixpanel(configuration.mixpanel(), person));
                        default ->
                            new ByHand(
                                    name,
                                    person -> List.of("delete this person's data where " + name + " has sent it"));
                    });
        }
        return holders;
    }

    private record Postgres(PostgresWriter writer) implements Holder {
        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public SortedMap<String, Long> erase(Person person, boolean dryRun) throws Exception {
            return writer.erase(person, dryRun);
        }

        @Override
        public List<String> toDo(Person person) {
            return List.of();
        }
    }

    private record ByHand(String name, Function<Person, List<String>> steps) implements Holder {
        @Override
        public SortedMap<String, Long> erase(Person person, boolean dryRun) {
            return new TreeMap<>();
        }

        @Override
        public List<String> toDo(Person person) {
            return steps.apply(person);
        }
    }

    /** Rows that were streamed within the last 90 minutes cannot be deleted yet. */
    private static List<String> bigQuery(BigQuerySettings settings, Person person) {
        if (settings.project().isEmpty()) {
            return List.of();
        }
        List<String> steps = new ArrayList<>();
        steps.add("90 minutes after the last of the person's events, in BigQuery:");
        for (Table table : Table.ALL) {
            List<String> conditions = new ArrayList<>();
            in("user_id", person.userIds(), conditions);
            in("anonymous_id", person.anonymousIds(), conditions);
            if (table.equals(Table.ALIASES)) {
                in("previous_id", person.userIds(), conditions);
                in("previous_id", person.anonymousIds(), conditions);
            }
            steps.add("DELETE FROM `" + settings.project() + "." + settings.dataset() + "." + table.name() + "` WHERE "
                    + String.join(" OR ", conditions) + ";");
        }
        return steps;
    }

    private static void in(String column, Set<String> ids, List<String> conditions) {
        if (!ids.isEmpty()) {
            conditions.add(ids.stream()
                    .sorted()
                    .map(id -> "'"
                            + id.replace("\\", "\\\\")
                                    .replace("'", "\\'")
                                    .replace("\n", "\\n")
                                    .replace("\r", "\\r")
                            + "'")
                    .collect(Collectors.joining(", ", column + " IN (", ")")));
        }
    }

    private static List<String> mixpanel(MixpanelSettings settings, Person person) {
        if (settings.token().isEmpty()) {
            return List.of();
        }
        ObjectNode body = new JsonMapper().createObjectNode();
        ArrayNode ids = body.putArray("distinct_ids");
        person.userIds().stream().sorted().forEach(ids::add);
        person.anonymousIds().stream().sorted().forEach(id -> ids.add(id).add("$device:" + id));
        body.put("compliance_type", "GDPR");
        return List.of(
                "with an OAuth token of the project's owner (Mixpanel, Personal settings, Data & privacy); eu.mixpanel.com"
                        + " or in.mixpanel.com where the project's data is there:",
                "POST https://mixpanel.com/api/app/data-deletions/v3.0/?token=<the project's token>"
                        + " Authorization: Bearer <OAuth token> Content-Type: application/json " + body);
    }

    /** For destinations that are nothing but YAML. */
    private static void bindCustom(Main camel) {
        camel.bind("jq", new OnEvents());
        camel.bind("answer", new Answer());
        camel.bind("events", new Events());
        camel.bind("wantedEvents", WantedEvents.asBatch());
        camel.bind("wantedRows", WantedEvents.asRows());
        camel.bind("wantedMessages", WantedEvents.asMessages());
        camel.bind("signature", new Signature());
    }
}
