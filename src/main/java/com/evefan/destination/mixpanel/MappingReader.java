package com.evefan.destination.mixpanel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code mapping.table}; its head says how it is written. */
final class MappingReader {
    private static final String BROWSER_NAMES = "browser names";

    private final Map<String, Map<String, List<Source>>> sections = new LinkedHashMap<>();
    private final Map<String, String> browserNames = new LinkedHashMap<>();
    private String section = "";

    /** The shipped table. */
    static Mapping shipped() {
        try (InputStream table = MappingReader.class.getResourceAsStream("mapping.table")) {
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
        MappingReader reader = new MappingReader();
        table.lines().map(String::strip).forEach(reader::line);
        return new Mapping(reader.sections, reader.browserNames);
    }

    private void line(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("[") && line.endsWith("]")) {
            section = line.substring(1, line.length() - 1);
            return;
        }
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
        int open = text.indexOf('(');
        if (text.isEmpty() || (open >= 0 && !text.endsWith(")"))) {
            throw new IllegalArgumentException(text);
        }
        if (open < 0) {
            return new Source.Member(Function.VALUE, text.split("\\.", -1));
        }
        String name = text.substring(0, open);
        String argument = text.substring(open + 1, text.length() - 1).strip();
        if ("words".equals(name)) {
            String[] words = argument.split(" +", -1);
            return new Source.Words(words[0], words[words.length - 1]);
        }
        return new Source.Member(Function.of(name), argument.split("\\.", -1));
    }
}
