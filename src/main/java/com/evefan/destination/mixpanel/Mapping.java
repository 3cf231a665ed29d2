package com.evefan.destination.mixpanel;

import com.evefan.useragent.UserAgent;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mapping table: per section, which Mixpanel property comes from where, in the order of the file, so that the same
 * event gives the same bytes every time. {@code mapping.table} says at its head how it is written.
 *
 * @param sections a section's name to its Mixpanel properties and their sources
 * @param lists a section's name to the names that it lists; with a * behind it, to how names begin
 * @param browserNames the browser names of the user agent library to ours
 */
record Mapping(
        Map<String, Map<String, List<Source>>> sections,
        Map<String, Set<String>> lists,
        Map<String, String> browserNames) {
    private static final String RESERVED = "reserved";

    Mapping {
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
        lists = Map.copyOf(lists);
        browserNames = Map.copyOf(browserNames);
    }

    /** The shipped table. */
    static Mapping shipped() {
        try (InputStream table = Mapping.class.getResourceAsStream("mapping.table")) {
            if (table == null) {
                throw new IllegalStateException("mapping.table is not on the class path");
            }
            return read(new String(table.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The mapping in {@code table}.
     *
     * @throws IllegalArgumentException when a line makes no sense; the message has the line
     */
    static Mapping read(String table) {
        Reader reader = new Reader();
        table.lines().map(String::strip).forEach(reader::line);
        return new Mapping(reader.sections, reader.lists, reader.browserNames);
    }

    /** Sets what {@code section} finds in {@code event}, over what {@code out} has of the same names. */
    void apply(String section, JsonNode event, ObjectNode out, UserAgents userAgents) {
        apply(section, event, out, userAgents, new HashSet<>());
    }

    /** The same, and puts the names of the traits that were taken over into {@code usedTraits}. */
    void apply(String section, JsonNode event, ObjectNode out, UserAgents userAgents, Set<String> usedTraits) {
        Map<String, List<Source>> rules = sections.get(section);
        if (rules == null) {
            throw new IllegalArgumentException("mapping.table has no section " + section);
        }
        rules.forEach((target, sources) -> {
            for (Source source : sources) {
                JsonNode value = source.value(event, out, userAgents);
                if (value != null) {
                    out.set(target, value);
                    if (!source.trait().isEmpty()) {
                        usedTraits.add(source.trait());
                    }
                    break;
                }
            }
        });
    }

    /** The reserved name that {@code property} is, as the table has it; null where a sender may set it. */
    @Nullable
    String reserved(String property) {
        if (list(RESERVED).contains(property)) {
            return property;
        }
        for (String start : lists.getOrDefault(RESERVED + "*", Set.of())) {
            if (property.startsWith(start)) {
                return start + "*";
            }
        }
        return null;
    }

    /** The names in the list {@code section}. */
    Set<String> list(String section) {
        Set<String> names = lists.get(section);
        if (names == null) {
            throw new IllegalArgumentException("mapping.table has no list " + section);
        }
        return names;
    }

    /** Where a Mixpanel property may come from. */
    sealed interface Source {

        /**
         * The value, or null where there is none.
         *
         * @param event the event as accepted
         * @param mapped the properties of the same table that are mapped already
         */
        @Nullable
        JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents);

        /** The trait of the call that this takes over whole, or empty. */
        default String trait() {
            return "";
        }
    }

    /** A member of the event, by the names on the way to it, through a function. */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    record Member(Function function, String[] path) implements Source {
        @Override
        public @Nullable JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents) {
            JsonNode node = event;
            for (String name : path) {
                node = node.get(name);
                if (node == null) {
                    return null;
                }
            }
            return isThere(node) ? function.apply(node, userAgents) : null;
        }

        private static boolean isThere(JsonNode node) {
            return !node.isNull() && !(node.isTextual() && node.textValue().isEmpty());
        }

        @Override
        public String trait() {
            boolean own = path.length == 2 && "traits".equals(path[0]);
            boolean inContext = path.length == 3 && "context".equals(path[0]) && "traits".equals(path[1]);
            return own || inContext ? path[path.length - 1] : "";
        }
    }

    /** Two Mixpanel properties with a space between them. */
    record Words(String first, String second) implements Source {
        @Override
        public @Nullable JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents) {
            JsonNode left = mapped.get(first);
            JsonNode right = mapped.get(second);
            return left == null || right == null ? null : TextNode.valueOf(left.asText() + " " + right.asText());
        }
    }

    /** The same for every event. */
    record Constant(JsonNode value) implements Source {
        @Override
        public JsonNode value(JsonNode event, ObjectNode mapped, UserAgents userAgents) {
            return value;
        }
    }

    private static final Pattern COUNTRY_CODE = Pattern.compile("[A-Za-z]{2}");

    /** What the table can do to a value on its way. */
    enum Function {
        VALUE,
        LIST,
        ID,
        ADDRESS,
        COUNTRY,
        BROWSER,
        BROWSER_VERSION,
        OS,
        OS_VERSION,
        HOST,
        PATH,
        PROTOCOL,
        SEARCH;

        /** The function that the table calls {@code name}, such as {@code os-version}. */
        static Function of(String name) {
            return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
        }

        /** The value of this function for a value that is there, or null where it has none. */
        @Nullable
        JsonNode apply(JsonNode value, UserAgents userAgents) {
            String text = value.isTextual() ? value.textValue() : "";
            return switch (this) {
                case VALUE -> value;
                case LIST -> JsonNodeFactory.instance.arrayNode(1).add(value);
                case ID -> {
                    String id = Identity.id(value);
                    yield id.isEmpty() || Identity.isPlaceholder(id) ? null : TextNode.valueOf(id);
                }
                case ADDRESS -> NetUtil.createByteArrayFromIpAddressString(text) == null ? null : value;
                case COUNTRY ->
                    COUNTRY_CODE.matcher(text).matches() ? TextNode.valueOf(text.toUpperCase(Locale.ROOT)) : null;
                case BROWSER, BROWSER_VERSION, OS, OS_VERSION -> text(agent(userAgents.parse(text)));
                case HOST, PATH, PROTOCOL, SEARCH -> {
                    WebAddress address = WebAddress.of(text);
                    yield address == null ? null : TextNode.valueOf(part(address));
                }
            };
        }

        private static @Nullable JsonNode text(String text) {
            return text.isEmpty() ? null : TextNode.valueOf(text);
        }

        private String agent(UserAgent agent) {
            return switch (this) {
                case BROWSER -> agent.browser();
                case BROWSER_VERSION -> agent.browserVersion();
                case OS -> agent.os();
                default -> agent.osVersion();
            };
        }

        private String part(WebAddress address) {
            return switch (this) {
                case HOST -> address.host();
                case PATH -> address.path();
                case PROTOCOL -> address.protocol();
                default -> address.search();
            };
        }
    }

    /** Reads the table, line by line. */
    private static final class Reader {
        private static final String BROWSER_NAMES = "browser names";
        /** These sections hold names instead of rules. */
        private static final Set<String> LISTS = Set.of(RESERVED, "reserved events", "order");

        private final Map<String, Map<String, List<Source>>> sections = new LinkedHashMap<>();
        private final Map<String, Set<String>> lists = new LinkedHashMap<>();
        private final Map<String, String> browserNames = new LinkedHashMap<>();
        private String section = "";

        void line(String line) {
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (LISTS.contains(section)) {
                for (String name : line.split(" +")) {
                    boolean start = name.endsWith("*");
                    lists.computeIfAbsent(start ? section + "*" : section, list -> new LinkedHashSet<>())
                            .add(start ? name.substring(0, name.length() - 1) : name);
                }
            } else {
                rule(line);
            }
        }

        private void rule(String line) {
            int equals = line.indexOf('=');
            if (equals < 1 || section.isEmpty()) {
                throw new IllegalArgumentException("mapping.table: not a rule in a section: " + line);
            }
            String target = line.substring(0, equals).strip();
            String from = line.substring(equals + 1).strip();
            if (BROWSER_NAMES.equals(section)) {
                browserNames.put(target, from);
                return;
            }
            List<Source> sources = sources(from, line);
            if (sections.computeIfAbsent(section, name -> new LinkedHashMap<>()).put(target, sources) != null) {
                throw new IllegalArgumentException("mapping.table: twice in [" + section + "]: " + line);
            }
        }

        private static List<Source> sources(String text, String line) {
            List<Source> sources = new ArrayList<>();
            for (String source : text.split(",", -1)) {
                try {
                    sources.add(source(source.strip()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("mapping.table: no such source: " + line, e);
                }
            }
            return List.copyOf(sources);
        }

        private static Source source(String text) {
            if (text.matches("\"[^\"]+\"")) {
                return new Constant(TextNode.valueOf(text.substring(1, text.length() - 1)));
            }
            if (text.equals("0")) {
                return new Constant(JsonNodeFactory.instance.numberNode(0));
            }
            int open = text.indexOf('(');
            if (text.isEmpty() || text.indexOf('"') >= 0 || (open >= 0 && !text.endsWith(")"))) {
                throw new IllegalArgumentException(text);
            }
            if (open < 0) {
                return new Member(Function.VALUE, text.split("\\.", -1));
            }
            String name = text.substring(0, open);
            String argument = text.substring(open + 1, text.length() - 1).strip();
            if ("words".equals(name)) {
                String[] words = argument.split(" +", -1);
                return new Words(words[0], words[words.length - 1]);
            }
            return new Member(Function.of(name), argument.split("\\.", -1));
        }
    }
}
