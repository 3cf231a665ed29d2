package com.evefan.warehouse;

import static com.evefan.warehouse.ColumnType.BOOLEAN;
import static com.evefan.warehouse.ColumnType.JSON;
import static com.evefan.warehouse.ColumnType.TEXT;
import static com.evefan.warehouse.ColumnType.TIMESTAMP;

import com.evefan.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the six tables, one for each call of the Segment spec.
 *
 * @param columns in the order in which tables are created and in which {@link Row#values()} stand; the first is always
 *     {@code id}, the event's {@code messageId}, on which a warehouse de-duplicates
 */
public record Table(String name, List<Column> columns) {
    public static final Table TRACKS = table("tracks", text("event"), text("event_text"), json("extra_fields"));
    public static final Table IDENTIFIES = table("identifies", json("traits"), json("extra_fields"));
    public static final Table PAGES = table(
            "pages",
            text("category"),
            text("name"),
            text("path"),
            text("title"),
            text("url"),
            text("referrer"),
            text("search"),
            json("extra_fields"));
    public static final Table SCREENS = table("screens", text("category"), text("name"), json("extra_fields"));
    public static final Table GROUPS = table("groups", text("group_id"), json("traits"), json("extra_fields"));
    public static final Table ALIASES = table("aliases", text("previous_id"), json("extra_fields"));

    /** All six. */
    public static final List<Table> ALL = List.of(TRACKS, IDENTIFIES, PAGES, SCREENS, GROUPS, ALIASES);

    public Table {
        columns = List.copyOf(columns);
    }

    /** Of the name alone: rows are sorted by their tables, and going through all columns for each would cost more. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The table of the events of {@code type}. */
    public static Table of(EventType type) {
        return switch (type) {
            case TRACK -> TRACKS;
            case IDENTIFY -> IDENTIFIES;
            case PAGE -> PAGES;
            case SCREEN -> SCREENS;
            case GROUP -> GROUPS;
            case ALIAS -> ALIASES;
        };
    }

    /**
     * The position of the column called {@code column}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public int position(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column " + column + " in " + name);
    }

    private static Table table(String name, Column... own) {
        List<Column> columns = new ArrayList<>(common());
        columns.addAll(List.of(own));
        columns.add(text("source"));
        columns.add(new Column("loaded_at", TIMESTAMP));
        columns.addAll(ContextColumns.COLUMNS);
        columns.add(json("context"));
        if (name.equals("tracks") || name.equals("pages") || name.equals("screens")) {
            columns.add(json("properties"));
        }
        return new Table(name, columns);
    }

    private static List<Column> common() {
        return Stream.of(
                        Stream.of("id", "anonymous_id", "context_ip", "context_library_name")
                                .map(Table::text),
                        Stream.of("context_library_version", "context_locale", "context_page_path")
                                .map(Table::text),
                        Stream.of("context_page_referrer", "context_page_title", "context_page_url")
                                .map(Table::text),
                        Stream.of(
                                text("context_user_agent"),
                                json("context_user_agent_data_brands"),
                                new Column("context_user_agent_data_mobile", BOOLEAN),
                                text("context_user_agent_data_platform")),
                        Stream.of("content", "medium", "name", "source", "term")
                                .map(member -> text("context_campaign_" + member)),
                        Stream.of("original_timestamp", "timestamp", "received_at", "sent_at")
                                .map(name -> new Column(name, TIMESTAMP)),
                        Stream.of(text("user_id")))
                .flatMap(columns -> columns)
                .toList();
    }

    private static Column text(String name) {
        return new Column(name, TEXT);
    }

    private static Column json(String name) {
        return new Column(name, JSON);
    }
}
