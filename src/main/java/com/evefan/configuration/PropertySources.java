package com.evefan.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a property comes from; the later wins: the defaults in the program, {@code application.properties} in the
 * working directory, the environment, {@code -D} on the command line.
 */
final class PropertySources {
    private static final String FILE = "application.properties";
    private static final Pattern SOURCE_VARIABLE =
            Pattern.compile("EVEFAN_SOURCE_(.+)_(WRITE_KEY|ENABLED|ALLOWED_ORIGINS|RATE_LIMIT|DROP|HASH|PLAIN_IDS)");

    /** Those in the program. */
    static final Map<String, String> DEFAULTS = defaults();

    private PropertySources() {}

    private static Map<String, String> defaults() {
        Properties properties = new Properties();
        try (InputStream defaults = PropertySources.class.getResourceAsStream("/" + FILE)) {
            if (defaults != null) {
                properties.load(new InputStreamReader(defaults, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return Map.copyOf(values);
    }

    static Map<String, String> load(Path directory, Map<String, String> environment, Properties system)
            throws IOException {
        Properties properties = new Properties();
        properties.putAll(DEFAULTS);
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        Set<String> known =
                values.keySet().stream().map(PropertySources::environmentName).collect(Collectors.toSet());
        environment.forEach((name, value) -> {
            if (name.startsWith("EVEFAN_") || known.contains(name)) {
                values.put(propertyOf(name, values), value);
            }
        });
        system.stringPropertyNames().stream()
                .filter(key -> key.startsWith("evefan.") || key.startsWith("camel."))
                .forEach(key -> values.put(key, system.getProperty(key)));
        return values;
    }

    /** The known key that {@code EVEFAN_SOME_KEY} stands for, dots and dashes both being underscores there. */
    private static String propertyOf(String variable, Map<String, String> known) {
        for (String key : known.keySet()) {
            if (environmentName(key).equals(variable)) {
                return key;
            }
        }
        Matcher source = SOURCE_VARIABLE.matcher(variable);
        String lower = variable.toLowerCase(java.util.Locale.ROOT);
        return source.matches()
                ? "evefan.source."
                        + source.group(1).toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "."
                        + source.group(2).toLowerCase(java.util.Locale.ROOT).replace('_', '-')
                : lower.replace('_', '.');
    }

    /** The environment variable that overrides {@code key}. */
    static String environmentName(String key) {
        return key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
