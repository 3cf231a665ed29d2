package com.evefan.route;

import com.evefan.delivery.BatchSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/**
 * Destinations that are nothing but settings, {@code evefan.destination.<name>.type} and what that needs: made from the
 * files in {@code routes/examples}, with steps before theirs that leave events out.
 */
public final class SettingsDestinations {
    public static final String PREFIX = "evefan.destination.";

    private static final Set<String> OF_ALL = Set.of(
            "type",
            "events",
            "sources",
            "filter",
            "start",
            "consent",
            "parallel",
            "batch.max-events",
            "batch.max-bytes",
            "batch.max-age-ms",
            "batch.at-once");

    /** Of Evefan's own: their settings begin with evefan.<name>. */
    private static final Set<String> TAKEN = Set.of("postgres", "bigquery", "mixpanel");

    private final Map<String, Map<String, String>> destinations;
    private final Map<String, Example> examples;

    private SettingsDestinations(Map<String, Map<String, String>> destinations, Map<String, Example> examples) {
        this.destinations = new TreeMap<>(destinations);
        this.examples = examples;
    }

    /**
     * @param destinations the settings of each by its name, without what comes before them
     * @throws IOException when the examples cannot be read
     */
    public static SettingsDestinations of(Map<String, Map<String, String>> destinations) throws IOException {
        return new SettingsDestinations(destinations, destinations.isEmpty() ? Map.of() : Example.in(Example.FOLDER));
    }

    /**
     * Everything wrong with the settings, each problem with the setting's name.
     *
     * @param scope the functions that jq has
     */
    public List<String> problems(Scope scope) {
        List<String> problems = new ArrayList<>();
        destinations.forEach((name, settings) -> check(name, settings, scope, problems));
        return problems;
    }

    private void check(String name, Map<String, String> settings, Scope scope, List<String> problems) {
        String prefix = PREFIX + name + ".";
        if (!name.matches("[a-z][a-z0-9-]*") || TAKEN.contains(name)) {
            problems.add(prefix + "type: a destination's name is small letters, digits and dashes, and none of "
                    + String.join(", ", new TreeSet<>(TAKEN)));
        }
        Example example = examples.get(settings.getOrDefault("type", ""));
        if (example == null) {
            problems.add(prefix + "type must be one of " + String.join(", ", examples.keySet()) + ", was '"
                    + settings.getOrDefault("type", "") + "'"
                    + Suggestion.near(settings.getOrDefault("type", ""), examples.keySet()));
            return;
        }
        Set<String> known = new TreeSet<>(OF_ALL);
        for (Example.Setting setting : example.settings()) {
            known.add(setting.key());
            checkValue(prefix + setting.key(), setting, settings.getOrDefault(setting.key(), ""), example, problems);
        }
        for (String key : settings.keySet()) {
            if (!known.contains(key)) {
                problems.add(prefix + key + " is not a known property; " + example.name() + " has "
                        + String.join(", ", known) + Suggestion.near(key, known));
            }
        }
        try {
            BatchSettings.of(
                    name,
                    key -> key.startsWith(prefix) ? settings.getOrDefault(key.substring(prefix.length()), "") : "");
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        checkFilter(prefix + "filter", settings.getOrDefault("filter", ""), scope, problems);
    }

    private static void checkValue(
            String key, Example.Setting setting, String value, Example example, List<String> problems) {
        if (setting.isRequired() && value.isBlank()) {
            problems.add(key + " is missing" + (setting.about().isEmpty() ? "" : ": " + setting.about()));
        } else if (setting.key().endsWith("url") && !value.isBlank() && !value.matches("(https?://|jdbc:|\\{\\{).+")) {
            problems.add(key + " must be a URL, https://…, was '" + value + "'");
        }
        for (char c : (example.forbidden(setting.key()) + "\n").toCharArray()) {
            if (value.indexOf(c) >= 0) {
                problems.add(key + " must not contain " + (c == '\n' ? "a line break" : String.valueOf(c)));
            }
        }
    }

    private static void checkFilter(String key, String filter, Scope scope, List<String> problems) {
        if (filter.contains("{{") || filter.contains("}}")) {
            problems.add(key + " must not contain {{ or }}: write { { and } }");
            return;
        }
        try {
            JsonQuery.compile(filter.isBlank() ? "." : "select(" + filter + ")", Versions.JQ_1_6);
            for (String missing : JqFunctions.missing(filter.isBlank() ? "." : filter, scope)) {
                problems.add(key + " is no jq: function " + missing + " does not exist, in '" + filter + "'");
            }
        } catch (JsonQueryException e) {
            problems.add(key + " is no jq: "
                    + String.valueOf(e.getMessage())
                            .lines()
                            .findFirst()
                            .orElse("")
                            .strip()
                    + (String.valueOf(e.getMessage()).contains(filter) ? "" : ", in '" + filter + "'"));
        }
    }

    public boolean isEmpty() {
        return destinations.isEmpty();
    }

    /**
     * Writes the file of each into {@code folder}, which then holds no other; files that are as they should be are left
     * alone.
     */
    public void write(Path folder) throws IOException {
        if (destinations.isEmpty() && !Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        Map<Path, String> files = files(folder);
        for (Path file : RouteCheck.files(folder)) {
            if (!files.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            if (!isThere(file.getKey(), file.getValue())) {
                Path whole = folder.resolve(file.getKey().getFileName() + ".new");
                Files.writeString(whole, file.getValue());
                Files.move(whole, file.getKey(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** {@code folder}, if it has these files; or else another that has them, for those who only look. */
    public Path place(Path folder) throws IOException {
        boolean there = true;
        for (Map.Entry<Path, String> file : files(folder).entrySet()) {
            there &= isThere(file.getKey(), file.getValue());
        }
        if (there) {
            return folder;
        }
        Path other = Files.createTempDirectory("evefan-settings");
        other.toFile().deleteOnExit();
        Path destinationsFolder = Files.createDirectory(other.resolve("destinations"));
        destinationsFolder.toFile().deleteOnExit();
        write(destinationsFolder);
        files(destinationsFolder).keySet().forEach(file -> file.toFile().deleteOnExit());
        return destinationsFolder;
    }

    private static boolean isThere(Path file, String text) throws IOException {
        return Files.isRegularFile(file) && Files.readString(file).equals(text);
    }

    private Map<Path, String> files(Path folder) {
        Map<Path, String> files = new TreeMap<>();
        destinations.forEach((name, settings) -> {
            Example example = examples.get(settings.getOrDefault("type", ""));
            if (example != null) {
                files.put(
                        folder.resolve(name + RouteFile.EXTENSION),
                        "# Made of the settings " + PREFIX + name + ".*; an edit here is lost at the next start.\n"
                                + example.named(name, PREFIX + name + ".", steps(settings)));
            }
        });
        return files;
    }

    /** What its example has of limits of batches, for whom nothing else is set: by the whole key. */
    public Map<String, String> defaults(Map<String, String> values) {
        Map<String, String> defaults = new TreeMap<>();
        destinations.forEach((name, settings) -> {
            for (String key : OF_ALL) {
                String value = values.getOrDefault(settings.getOrDefault("type", "") + "." + key, "");
                if (key.startsWith("batch.") && !settings.containsKey(key) && !value.isBlank()) {
                    defaults.put(PREFIX + name + "." + key, value.strip());
                }
            }
        });
        return defaults;
    }

    private static String steps(Map<String, String> settings) {
        return any("sources", ".source", settings.getOrDefault("sources", ""))
                + any("events", ".event", settings.getOrDefault("events", ""))
                + step("filter", settings.getOrDefault("filter", ""));
    }

    private static String any(String id, String member, String values) {
        String conditions = Arrays.stream(values.split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(value -> member + " == \"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(" or "));
        return step(id, conditions);
    }

    private static String step(String id, String condition) {
        return condition.isBlank()
                ? ""
                : "        - setBody:\n            id: " + id + "\n            expression:\n              jq:\n"
                        + "                expression: 'select("
                        + condition.strip().replace("'", "''") + ")'\n";
    }
}
