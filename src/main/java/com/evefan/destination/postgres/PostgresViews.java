package com.evefan.destination.postgres;

import com.evefan.warehouse.EventShapes;
import com.evefan.warehouse.EventShapes.Kind;
import com.evefan.warehouse.EventViews;
import com.evefan.warehouse.EventViews.Content;
import com.evefan.warehouse.EventViews.Part;
import com.evefan.warehouse.EventViews.View;
import com.evefan.warehouse.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A view for each name of an event, with a column for each of its properties, and {@code users} and {@code accounts}, with
 * one for each trait. Each is made and extended in a transaction of its own that waits a second for a lock. What a view has
 * is kept in its comment, which also says that it is ours. For one thread.
 */
final class PostgresViews {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresViews.class);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    /** Of what is told once for each of PostgreSQL's error codes, however many views there are. */
    private static final String FAILED = "failed ";

    /** So many seconds are waited in vain, then the rest has to wait too: for the next time. */
    private static final int MOST_WAITS = 5;

    /** Everything whose name a view cannot have, with the comment of views. */
    private static final String RELATIONS = """
            SELECT c.relname, CASE c.relkind WHEN 'v' THEN obj_description(c.oid, 'pg_class') END AS comment,
              c.relkind = 'v' AND NOT EXISTS (SELECT 1 FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid
                  AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                  JOIN pg_class t ON t.oid = d.refobjid WHERE r.ev_class = c.oid AND t.relnamespace = c.relnamespace
                    AND t.relname IN ('tracks', 'identifies', 'groups')) AS strayed
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ?
            UNION ALL SELECT t.typname, NULL, false FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname = ? AND t.typrelid = 0 AND t.typcategory <> 'A'
            """;

    private final PostgresSettings settings;
    private final PostgresStatements statements;
    private final EventShapes shapes;
    private final EventViews views;
    private final Map<String, String> told = new ConcurrentHashMap<>();
    /** Views that could not be made as somebody held a lock. This and what follows is of the thread that makes views. */
    private final Set<String> locked = new HashSet<>();

    /** Views of ours that are of a table which somebody has renamed: PostgreSQL lets them follow it. */
    private final Set<String> strayed = new HashSet<>();

    private Map<String, @Nullable Content> seen = Map.of();
    private long done;

    PostgresViews(PostgresSettings settings, EventShapes shapes) {
        this.settings = settings;
        this.statements = new PostgresStatements(settings.schema());
        this.shapes = shapes;
        this.views = new EventViews(shapes, settings.views(), name -> false);
    }

    /** Makes and extends what has changed since it was done last, by us or by others. */
    void refresh(Connection connection) throws SQLException {
        long changes = shapes.changes();
        if (changes == 0) {
            return;
        }
        Map<String, @Nullable Content> relations = relations(connection);
        connection.commit();
        forgetDropped(relations);
        if (changes == done && relations.equals(seen) && strayed.isEmpty()) {
            return;
        }
        List<View> wanted = new ArrayList<>(views.wanted(
                relations,
                name -> tell(name, "View " + name + " is not made: something else in the schema has that name")));
        wanted.sort(Comparator.comparing(view -> locked.contains(view.name()))); // who waited in vain comes last
        if (make(connection, wanted, relations)) {
            done = changes;
            seen = relations(connection);
            connection.commit();
        }
    }

    /** A view of ours that somebody has dropped is made anew, of what comes from then on. */
    private void forgetDropped(Map<String, @Nullable Content> relations) {
        seen.forEach((name, content) -> {
            if (content != null && !relations.containsKey(name)) {
                content.events().forEach(shapes::forget);
            }
        });
    }

    /** Whether all are as they should be now. */
    private boolean make(Connection connection, List<View> wanted, Map<String, @Nullable Content> relations)
            throws SQLException {
        Map<String, String> failed = new LinkedHashMap<>();
        int waits = 0;
        for (View view : wanted) {
            if (view.content().equals(relations.get(view.name())) && !strayed.contains(view.name())) {
                continue;
            }
            try {
                make(connection, view);
                locked.remove(view.name());
            } catch (SQLException e) {
                connection.rollback();
                failed.putIfAbsent(
                        FAILED + e.getSQLState(),
                        "View " + view.name() + " could not be made, and will be tried again: " + e.getMessage());
                if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    locked.add(view.name());
                    if (++waits == MOST_WAITS) {
                        break;
                    }
                }
            }
        }
        failed.forEach(this::tell);
        if (failed.isEmpty()) {
            told.keySet().removeIf(key -> key.startsWith(FAILED));
        }
        return failed.isEmpty();
    }

    private void make(Connection connection, View view) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String name = statements.inSchema(view.name());
            statement.execute("SET LOCAL lock_timeout = 1000");
            statement.execute("CREATE OR REPLACE VIEW " + name + " AS " + select(view));
            statement.execute(
                    "COMMENT ON VIEW " + name + " IS " + literal(view.content().json()));
            connection.commit();
        }
    }

    private String select(View view) {
        boolean isOwners = view.isOfOwners();
        String from = isOwners ? owners(view.key(), view.table()) : statements.qualified(view.table());
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

    /** What has a name in the schema already. */
    private Map<String, @Nullable Content> relations(Connection connection) throws SQLException {
        Map<String, @Nullable Content> relations = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(RELATIONS)) {
            query.setString(1, settings.schema());
            query.setString(2, settings.schema());
            try (ResultSet rows = query.executeQuery()) {
                strayed.clear();
                while (rows.next()) {
                    Content content = Content.of(rows.getString("comment"));
                    relations.put(rows.getString("relname"), content);
                    if (content != null && rows.getBoolean("strayed")) {
                        strayed.add(rows.getString("relname"));
                    }
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
}
