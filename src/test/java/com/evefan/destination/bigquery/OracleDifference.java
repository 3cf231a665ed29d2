package com.evefan.destination.bigquery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where rows differ from the original's, and why. {@code was} and {@code is} are null where the column is. */
enum OracleDifference {
    /** Times of the run and made ids. */
    NOT_DETERMINISTIC {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return was != null && was.startsWith("$");
        }
    },
    /** The original had no such column. */
    LATER_COLUMN {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return was == null
                    && column.matches(
                            "source|loaded_at|context|properties|context_(app|device|os|network|screen|referrer)_\\w+"
                                    + "|context_(timezone|group_id|session_id)");
        }
    },
    /** A JSON column with nothing in it is NULL; it was the JSON value null. */
    NOTHING_IS_NULL {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return "null".equals(was) && is == null;
        }
    },
    /** The original lost the context's page and the names and pages of page and screen (D1, D2). */
    PAGE_IS_KEPT {
        private static final Set<String> COLUMNS = Set.of("name", "path", "title", "url", "referrer", "search");

        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return was == null && is != null && (COLUMNS.contains(column) || column.startsWith("context_page_"));
        }
    },
    /** {@code timestamp} is corrected by how far the sender's clock is off; {@code original_timestamp} is the sender's. */
    TIMES_ARE_CORRECTED {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            boolean bothTimes = was != null && is != null && isTime(is);
            return bothTimes && (column.equals("timestamp") || column.equals("original_timestamp"));
        }
    },
    /** What is no time of RFC 3339 is no timestamp; the original sent it as it was, and BigQuery refused the row. */
    ONLY_TIMES_ARE_TIMESTAMPS {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            boolean timestamp = column.equals("original_timestamp") || column.equals("sent_at");
            return timestamp && was != null && is == null && !isTime(was);
        }
    },
    /** A day stands for its first instant, as with the original's other destinations. */
    DAYS_ARE_WRITTEN_OUT {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return column.equals("sent_at") && was != null && (was + "T00:00:00Z").equals(is);
        }
    },
    /** U+0000 and lone surrogates are left out. */
    CLEAN_TEXT {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return was != null && is != null && JsonContainment.clean(was).equals(is);
        }
    },
    /** In a batch what an event says about itself counts for more than what the batch says (D7). */
    EVENT_BEFORE_BATCH {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            boolean context =
                    id.equals("batch-ctx-merge") && (column.startsWith("context_") || column.equals("extra_fields"));
            return context || (id.startsWith("batch-") && is != null && column.equals("sent_at"));
        }
    },
    /** Two events with one message id are one row, the first (D10). */
    ONE_ROW_FOR_ONE_ID {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return id.equals("batch-dup-mid") && column.startsWith("event");
        }
    },
    /** The geo data that Cloudflare gave the original (corpus README: a server without it can skip them). */
    NO_GEO_DATA {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is) {
            return id.startsWith("cf-") && column.equals("extra_fields");
        }
    },
    /** Objects, unknown members and the properties with no column are kept (D2, D3, D5); no made-up location (D8). */
    NOTHING_IS_LOST {
        @Override
        boolean explains(String id, String column, @Nullable String was, @Nullable String is)
                throws JsonProcessingException {
            boolean json = column.equals("extra_fields") || column.equals("traits");
            if (was == null) {
                return column.equals("extra_fields"); // aliases had no such column
            }
            return json && is != null && JsonContainment.contains(Oracle.JSON.readTree(is), Oracle.JSON.readTree(was));
        }
    };

    /** Events that Evefan refuses at the door, as nobody and nothing is named in them; each by its own rule's test. */
    static final Set<String> REFUSED = Set.of(
            "ev-empty",
            "both-ids-missing",
            "both-ids-missing-identify",
            "group-id-empty",
            "alias-empty-user",
            "batch-item-ctx-string",
            "batch-no-ids-no-ts");

    abstract boolean explains(String id, String column, @Nullable String was, @Nullable String is)
            throws JsonProcessingException;

    static boolean isListed(String id, Oracle.Row row, String column, JsonNode actual) {
        String was = text(row.json().get(column));
        String is = text(actual.get(column));
        if (was != null && was.equals(is)) {
            return true;
        }
        try {
            for (OracleDifference difference : values()) {
                if (difference.explains(id, column, was, is)) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : value.asText();
    }

    private static boolean isTime(String text) {
        try {
            int year = OffsetDateTime.parse(text).getYear();
            return year >= 1 && year <= 9999; // what BigQuery can hold
        } catch (DateTimeException e) {
            return false;
        }
    }
}
