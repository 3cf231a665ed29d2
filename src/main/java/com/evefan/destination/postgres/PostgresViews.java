package com.evefan.destination.postgres;

import com.evefan.warehouse.Column;
import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.EventShapes.Kind;
import com.evefan.warehouse.SnakeName;
import com.evefan.warehouse.Table;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A view for each name of an event, with a column for each of its properties, and {@code users} and {@code accounts}, with
 * one for each trait. Made and extended on a thread of its own, each in a transaction of its own that waits a second for a
 * lock: a delivery never waits for a view. What a view has is kept in its comment, which also says that it is ours.
 */
final class PostgresViews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresViews.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARK = "{\"madeBy\":\"Evefan\"";

    private static final String RELATIONS = """
            SELECT c.relname, CASE c.relkind WHEN 'v' THEN obj_description(c.oid, 'pg_class') END AS comment
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ?
            """;

    /** Has a place of its own in a view, or is what the view is made of. */
    private static final Set<String> LEFT_OUT = Set.of("extra_fields", "properties");

    private final HikariDataSource pool;
    private final PostgresSettings settings;
    private final PostgresStatements statements;
    private final EventShapes shapes;
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread views = new Thread(task, "postgres-views");
        views.setDaemon(true);
        return views;
    });
    private long done;
    private boolean indexed;

    PostgresViews(HikariDataSource pool, PostgresSettings settings, EventShapes shapes) {
        this.pool = pool;
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
        this.shapes = shapes;
    }

    void start() {
        long interval = settings.views().intervalMs();
        thread.scheduleWithFixedDelay(this::refreshQuietly, interval, interval, TimeUnit.MILLISECONDS);
    }

    private void refreshQuietly() {
        try {
            if (!indexed) {
                index();
            }
            refresh();
        } catch (SQLTransientConnectionException e) {
            // There is no connection; the destination tells of that, once.
            LOG.debug("PostgreSQL: Views and indexes wait for a connection", e);
        } catch (SQLException | RuntimeException e) {
            tell("", "Views and indexes could not be made, and will be tried again: " + e.getMessage());
        }
    }

    /** Makes the indexes that are missing. */
    void index() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            new PostgresIndexes(settings).make(connection);
            indexed = true;
        }
    }

    /** Makes and extends what has changed since it was done last. */
    void refresh() throws SQLException {
        long changes = shapes.changes();
        if (changes == done) {
            return;
        }
        try (Connection connection = pool.getConnection()) {
            Map<String, @Nullable String> relations = relations(connection);
            boolean all = true;
            for (View view : wanted(relations)) {
                all &= make(connection, view, relations.get(view.name()));
            }
            connection.commit();
            if (all) {
                done = changes;
            }
        }
    }

    /**
     * One column of a view.
     *
     * @param column of the table beneath; null where it is made of a property
     */
    record Part(
            String name,
            @Nullable String column,
            @Nullable String property,
            @Nullable Kind kind) {}

    /** What the comment of a view says. */
    record Content(String madeBy, List<String> events, List<Part> parts) {}

    private record View(String name, Content content) {}

    private List<View> wanted(Map<String, @Nullable String> relations) {
        Map<String, Set<String>> eventsOf = new TreeMap<>();
        for (String event : shapes.all().keySet()) {
            String name = SnakeName.of(event);
            if (event.equals(EventShapes.USERS)) {
                eventsOf.put("users", Set.of(event));
            } else if (event.equals(EventShapes.ACCOUNTS)) {
                eventsOf.put("accounts", Set.of(event));
            } else if (!name.isEmpty()) {
                boolean free = isFree(name, relations) && !name.equals("users") && !name.equals("accounts");
                String view = free ? name : SnakeName.of("event " + event);
                eventsOf.computeIfAbsent(view, any -> new TreeSet<>()).add(event);
            }
        }
        List<View> views = new ArrayList<>();
        long ours = relations.values().stream().filter(PostgresViews::isOurs).count();
        for (Map.Entry<String, Set<String>> entry : eventsOf.entrySet()) {
            String name = entry.getKey();
            if (!isFree(name, relations)) {
                tell(name, "View " + name + " is not made: something else in the schema has that name");
            } else if (isOurs(relations.get(name)) || ours++ < settings.views().maxEvents()) {
                views.add(new View(name, content(name, entry.getValue(), relations.get(name))));
            }
        }
        return views;
    }

    private static boolean isFree(String name, Map<String, @Nullable String> relations) {
        return !relations.containsKey(name) || isOurs(relations.get(name));
    }

    private static boolean isOurs(@Nullable String comment) {
        return comment != null && comment.startsWith(MARK);
    }

    /** What the view had, and behind it what is new: the columns of a view can neither move nor change. */
    private Content content(String name, Set<String> events, @Nullable String comment) {
        Content before = read(comment);
        Set<String> all = new TreeSet<>(before.events());
        all.addAll(events);
        List<Part> parts = new ArrayList<>(before.parts());
        Set<String> names = new TreeSet<>();
        Set<String> properties = new TreeSet<>();
        for (Part part : parts) {
            names.add(part.name());
            if (part.property() != null) {
                properties.add(part.property());
            }
        }
        for (String column : columns(name)) {
            if (names.add(column)) {
                parts.add(new Part(column, column, null, null));
            }
        }
        Map<String, Kind> found = new TreeMap<>();
        for (String event : events) {
            shapes.all()
                    .getOrDefault(event, Map.of())
                    .forEach((property, kind) ->
                            found.merge(property, kind, (one, other) -> one == other ? one : Kind.TEXT));
        }
        found.forEach((property, kind) -> {
            if (parts.size() < settings.views().maxColumns() && properties.add(property)) {
                parts.add(new Part(free(property, names), null, property, kind));
            }
        });
        return new Content("Evefan", List.copyOf(all), parts);
    }

    private static List<String> columns(String view) {
        if (view.equals("users") || view.equals("accounts")) {
            String key = view.equals("users") ? "user_id" : "group_id";
            return List.of(key, "first_time", "last_time", "traits");
        }
        return Table.TRACKS.columns().stream()
                .map(Column::name)
                .filter(column -> !LEFT_OUT.contains(column))
                .toList();
    }

    /** Not the name of another column. */
    private static String free(String property, Set<String> names) {
        String name = SnakeName.of(property);
        String free = name.isEmpty() ? "property" : name;
        if (names.contains(free)) {
            free = SnakeName.of("property " + property);
        }
        String first = free;
        for (int i = 2; !names.add(free); i++) {
            free = SnakeName.of(first + " " + i);
        }
        return free;
    }

    private static Content read(@Nullable String comment) {
        if (!isOurs(comment)) {
            return new Content("Evefan", List.of(), List.of());
        }
        try {
            return JSON.readValue(comment, Content.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the comment of a view is not what Evefan wrote", e);
        }
    }

    /** Whether it is as it should be now. */
    private boolean make(Connection connection, View view, @Nullable String comment) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String wanted = JSON.writeValueAsString(view.content());
            if (wanted.equals(comment)) {
                return true;
            }
            String name = statements.inSchema(view.name());
            statement.execute("SET LOCAL lock_timeout = 1000");
            statement.execute("CREATE OR REPLACE VIEW " + name + " AS " + select(view));
            statement.execute("COMMENT ON VIEW " + name + " IS " + literal(wanted));
            connection.commit();
            told.remove(view.name());
            return true;
        } catch (SQLException e) {
            connection.rollback();
            tell(view.name(), "View " + view.name() + " could not be made, and will be tried again: " + e.getMessage());
            return false;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String select(View view) {
        String from = switch (view.name()) {
            case "users" -> owners("user_id", Table.IDENTIFIES);
            case "accounts" -> owners("group_id", Table.GROUPS);
            default -> statements.qualified(Table.TRACKS);
        };
        boolean isOwners = view.name().equals("users") || view.name().equals("accounts");
        List<Part> parts = view.content().parts();
        String select = parts.stream()
                .map(part -> value(part) + " AS " + PostgresStatements.quoted(part.name()))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + from + " t"));
        // One function for all of them: each value is parsed once, however many columns are made of it.
        String record = parts.stream()
                .filter(part -> part.property() != null)
                .map(part -> PostgresStatements.quoted(String.valueOf(part.property())) + " jsonb")
                .collect(Collectors.joining(", "));
        if (!record.isEmpty()) {
            String json = isOwners ? "t.traits" : "coalesce(t.properties, t.extra_fields->'context')";
            select += " LEFT JOIN LATERAL jsonb_to_record(CASE jsonb_typeof(" + json + ") WHEN 'object' THEN " + json
                    + " END) AS r(" + record + ") ON true";
        }
        return isOwners
                ? select
                : select
                        + view.content().events().stream()
                                .map(PostgresViews::literal)
                                .collect(Collectors.joining(", ", " WHERE t.event_text IN (", ")"));
    }

    /** The latest value of each trait: an older event never overwrites it, whenever it comes. */
    private String owners(String key, Table table) {
        return "(SELECT i." + key + ", min(i.\"timestamp\") AS first_time, max(i.\"timestamp\") AS last_time,"
                + " jsonb_object_agg(k.key, k.value ORDER BY i.\"timestamp\", i.received_at, i.id)"
                + " FILTER (WHERE k.key IS NOT NULL) AS traits FROM " + statements.qualified(table)
                + " i LEFT JOIN LATERAL jsonb_each(i.traits) k ON true WHERE i." + key + " IS NOT NULL GROUP BY i."
                + key
                + ")";
    }

    private static String value(Part part) {
        if (part.column() != null) {
            return "t." + PostgresStatements.quoted(part.column());
        }
        String value = "r." + PostgresStatements.quoted(String.valueOf(part.property()));
        String text = value + " #>> '{}'";
        return switch (part.kind() == null ? Kind.TEXT : part.kind()) {
            case NUMBER -> "CASE jsonb_typeof(" + value + ") WHEN 'number' THEN " + value + "::numeric END";
            case BOOLEAN -> "CASE jsonb_typeof(" + value + ") WHEN 'boolean' THEN " + value + "::boolean END";
            case TIME -> "CASE WHEN " + text + " ~ '^(" + EventShapes.TIME + ")$' THEN (" + text + ")::timestamptz END";
            case TEXT -> text;
        };
    }

    private static String literal(String text) {
        String quoted = text.replace("'", "''");
        return quoted.indexOf('\\') < 0 ? "'" + quoted + "'" : "E'" + quoted.replace("\\", "\\\\") + "'";
    }

    /** Everything in the schema, with the comment of views. */
    private Map<String, @Nullable String> relations(Connection connection) throws SQLException {
        Map<String, @Nullable String> relations = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(RELATIONS)) {
            query.setString(1, settings.schema());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    relations.put(rows.getString("relname"), rows.getString("comment"));
                }
            }
        }
        return relations;
    }

    private void tell(String view, String what) {
        if (!what.equals(told.put(view, what))) {
            LOG.warn("PostgreSQL: {}", what);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
