package com.evefan.warehouse;

import com.evefan.warehouse.EventShapes.Kind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which views there should be: one for each name of an event, with a column for each of its properties, and {@code users}
 * and {@code accounts}, with one for each trait. What a view has stands in the warehouse with it ({@link Content}), so that
 * the next process goes on from there. How a view is written is the warehouse's own matter.
 */
public final class EventViews {
    public static final String USERS = "users";
    public static final String ACCOUNTS = "accounts";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MARK = "{\"madeBy\":\"Evefan\"";

    /** Has a place of its own in a view, or is what the view is made of. */
    private static final Set<String> LEFT_OUT = Set.of("extra_fields", "properties");

    /**
     * The {@code evefan.<warehouse>.views.*} keys.
     *
     * @param maxEvents so many names of events get a view; 0 for none, and neither for users and accounts
     * @param maxColumns of each
     * @param intervalMs between two looks at what is new
     */
    public record Limits(int maxEvents, int maxColumns, int intervalMs) {
        public static final Limits NONE = new Limits(0, 200, 15_000);
    }

    /**
     * One column of a view.
     *
     * @param column of the table beneath; null where it is made of a property
     */
    public record Part(
            String name,
            @Nullable String column,
            @Nullable String property,
            @Nullable Kind kind) {}

    /** What a view has; as JSON it is kept with the view, and says that the view is ours. */
    public record Content(String madeBy, List<String> events, List<Part> parts) {
        private static final Content NONE = new Content("Evefan", List.of(), List.of());

        /** Null where {@code text} is not what we wrote: somebody else's view. */
        public static @Nullable Content of(@Nullable String text) {
            if (text == null || !text.startsWith(MARK)) {
                return null;
            }
            try {
                return JSON.readValue(text, Content.class);
            } catch (JsonProcessingException e) {
                return null;
            }
        }

        public String json() {
            try {
                return JSON.writeValueAsString(this);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A view as it should be. */
    public record View(String name, Content content) {
        public boolean isOfOwners() {
            return isOwners(name);
        }

        /** The table beneath. */
        public Table table() {
            return name.equals(USERS) ? Table.IDENTIFIES : name.equals(ACCOUNTS) ? Table.GROUPS : Table.TRACKS;
        }

        /** What {@code event} says in the rows of its events. */
        public List<String> slugs() {
            return content.events().stream().map(Slug::of).distinct().toList();
        }

        /** What an owner is known by, in a view of owners. */
        public String key() {
            return name.equals(USERS) ? "user_id" : "group_id";
        }
    }

    private final EventShapes shapes;
    private final Limits limits;
    private final Predicate<String> forbidden;

    /** @param forbidden names that the warehouse gives no column */
    public EventViews(EventShapes shapes, Limits limits, Predicate<String> forbidden) {
        this.shapes = shapes;
        this.limits = limits;
        this.forbidden = forbidden;
    }

    /**
     * The views that there should be.
     *
     * @param relations everything that has a name where the views stand: what it has where it is a view of ours, else null
     * @param unfree told the name of each view that cannot be made as something else has its name
     */
    public List<View> wanted(Map<String, @Nullable Content> relations, Consumer<String> unfree) {
        Map<String, Set<String>> eventsOf = new TreeMap<>();
        for (String event : shapes.all().keySet()) {
            String name = SnakeName.of(event);
            if (event.equals(EventShapes.USERS)) {
                eventsOf.put(USERS, Set.of(event));
            } else if (event.equals(EventShapes.ACCOUNTS)) {
                eventsOf.put(ACCOUNTS, Set.of(event));
            } else if (!name.isEmpty()) {
                String view = isFree(name, relations) && !isOwners(name) ? name : SnakeName.of("event " + event);
                eventsOf.computeIfAbsent(view, any -> new TreeSet<>()).add(event);
            }
        }
        List<View> views = new ArrayList<>();
        long ours = relations.entrySet().stream()
                .filter(view -> view.getValue() != null && !isOwners(view.getKey()))
                .count();
        for (Map.Entry<String, Set<String>> entry : eventsOf.entrySet()) {
            String name = entry.getKey();
            if (!isFree(name, relations)) {
                unfree.accept(name);
            } else if (isOwners(name) || relations.get(name) != null || ours++ < limits.maxEvents()) {
                views.add(new View(name, content(name, entry.getValue(), relations.get(name))));
            }
        }
        return views;
    }

    private static boolean isOwners(String name) {
        return name.equals(USERS) || name.equals(ACCOUNTS);
    }

    private static boolean isFree(String name, Map<String, @Nullable Content> relations) {
        return !relations.containsKey(name) || relations.get(name) != null;
    }

    /** What the view had, and behind it what is new: the columns of a view can neither move nor change. */
    private Content content(String name, Set<String> events, @Nullable Content had) {
        Content before = had == null ? Content.NONE : had;
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
                    .forEach((property, kind) -> found.merge(property, kind, Kind::with));
        }
        found.forEach((property, kind) -> {
            if (parts.size() < limits.maxColumns() && properties.add(property)) {
                parts.add(new Part(free(property, names), null, property, kind));
            }
        });
        return new Content("Evefan", List.copyOf(all), List.copyOf(parts));
    }

    private static List<String> columns(String view) {
        if (isOwners(view)) {
            return List.of(view.equals(USERS) ? "user_id" : "group_id", "first_time", "last_time", "traits");
        }
        return Table.TRACKS.columns().stream()
                .map(Column::name)
                .filter(column -> !LEFT_OUT.contains(column))
                .toList();
    }

    /** Not the name of another column. */
    private String free(String property, Set<String> names) {
        String name = SnakeName.of(property);
        String free = name.isEmpty() ? "property" : name;
        if (names.contains(free) || forbidden.test(free)) {
            free = SnakeName.of("property " + property);
        }
        String first = free;
        for (int i = 2; !names.add(free); i++) {
            free = SnakeName.of(first + " " + i);
        }
        return free;
    }
}
