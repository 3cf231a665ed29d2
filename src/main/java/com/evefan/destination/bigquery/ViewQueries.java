package com.evefan.destination.bigquery;

import com.evefan.warehouse.EventShapes.Kind;
import com.evefan.warehouse.EventViews.Content;
import com.evefan.warehouse.EventViews.Part;
import com.evefan.warehouse.EventViews.View;
import com.evefan.warehouse.Table;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The queries of views, in GoogleSQL. Their first line is a comment that says what a view has, and that it is ours. */
final class ViewQueries {
    private static final String MARK = "-- ";

    /** Of rows with one id the first, as PostgreSQL's primary key has it. */
    private static final String ONE_ROW_EACH =
            " QUALIFY ROW_NUMBER() OVER (PARTITION BY `id` ORDER BY `received_at`, `loaded_at`) = 1";

    private static final String TIME =
            "r'^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)$'";

    private final BigQuerySettings settings;

    ViewQueries(BigQuerySettings settings) {
        this.settings = settings;
    }

    /** What BigQuery keeps for itself among the names that columns of a view can get. */
    static boolean isForbidden(String column) {
        return column.startsWith("_partition") || column.startsWith("_table_") || column.startsWith("_file_");
    }

    /** What the view of {@code query} has; null where somebody else has written it. */
    static @Nullable Content content(@Nullable String query) {
        if (query == null || !query.startsWith(MARK)) {
            return null;
        }
        int end = query.indexOf('\n');
        return Content.of(query.substring(MARK.length(), end < 0 ? query.length() : end));
    }

    /** The name of the view that has one row for each id of {@code table}. */
    static String oneRowEach(Table table) {
        return table.name() + "_view";
    }

    String oneRowForEachId(Table table) {
        return marked(
                new Content("Evefan", List.of(), List.of()),
                "SELECT * FROM " + name(table) + " WHERE TRUE" + ONE_ROW_EACH);
    }

    String of(View view) {
        return marked(view.content(), view.isOfOwners() ? owners(view) : events(view));
    }

    private static String marked(Content content, String query) {
        return MARK + content.json() + "\n" + query;
    }

    private String events(View view) {
        List<String> events = view.content().events();
        String names = events.stream().map(ViewQueries::literal).collect(Collectors.joining(", "));
        // the tables are clustered by event: what has another slug is not read
        String slugs = view.slugs().stream().map(ViewQueries::literal).collect(Collectors.joining(", "));
        return select(view, part -> "t.__p[" + literal(Objects.requireNonNull(part.property())) + "]")
                + " FROM (SELECT *, IFNULL(`properties`, `extra_fields`['context']) AS __p FROM " + name(view.table())
                + " WHERE `event` IN (" + slugs + ") AND `event_text` IN (" + names + ")" + ONE_ROW_EACH + ") AS t";
    }

    /** The latest value of each trait: an older event never overwrites it, whenever it comes, and however often. */
    private String owners(View view) {
        List<Part> traits = view.content().parts().stream()
                .filter(part -> part.property() != null)
                .toList();
        String latest = IntStream.range(0, traits.size())
                .mapToObj(i -> ", ARRAY_AGG(`traits`["
                        + literal(Objects.requireNonNull(traits.get(i).property()))
                        + "] IGNORE NULLS ORDER BY `timestamp` DESC, `received_at` DESC, `id` DESC LIMIT 1)[SAFE_OFFSET(0)]"
                        + " AS __" + i)
                .collect(Collectors.joining());
        String all = IntStream.range(0, traits.size())
                .mapToObj(i -> literal(Objects.requireNonNull(traits.get(i).property())) + ", __" + i)
                .collect(Collectors.joining(", "));
        return select(view, part -> "t.__" + traits.indexOf(part))
                + " FROM (SELECT *, JSON_STRIP_NULLS(JSON_OBJECT(" + all
                + "), include_arrays => FALSE) AS traits FROM (SELECT `"
                + view.key() + "`, MIN(`timestamp`) AS first_time, MAX(`timestamp`) AS last_time" + latest + " FROM "
                + name(view.table()) + " WHERE `" + view.key() + "` IS NOT NULL GROUP BY `" + view.key() + "`)) AS t";
    }

    private static String select(View view, Function<Part, String> json) {
        return view.content().parts().stream()
                .map(part -> (part.column() != null ? "t.`" + part.column() + "`" : value(part, json.apply(part)))
                        + " AS `" + part.name() + "`")
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private static String value(Part part, String json) {
        String text = "JSON_VALUE(" + json + ")";
        return switch (part.kind() == null ? Kind.TEXT : part.kind()) {
            case NUMBER -> "IF(JSON_TYPE(" + json + ") = 'number', SAFE_CAST(" + text + " AS NUMERIC), NULL)";
            case BOOLEAN -> "IF(JSON_TYPE(" + json + ") = 'boolean', SAFE_CAST(" + text + " AS BOOL), NULL)";
            // of a second BigQuery has six digits, and of a zone it wants the colon
            case TIME ->
                "SAFE_CAST(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_EXTRACT(" + text + ", " + TIME
                        + "), r'(\\.\\d{6})\\d+', r'\\1'), r'([+-]\\d\\d)(\\d\\d)$', r'\\1:\\2') AS TIMESTAMP)";
            case TEXT -> "IFNULL(" + text + ", NULLIF(TO_JSON_STRING(" + json + "), 'null'))";
        };
    }

    private String name(Table table) {
        return "`" + settings.project() + "." + settings.dataset() + "." + table.name() + "`";
    }

    private static String literal(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 2).append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '\\') {
                literal.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
                literal.append(String.format("\\u%04x", (int) c));
            } else {
                literal.append(c);
            }
        }
        return literal.append('\'').toString();
    }
}
