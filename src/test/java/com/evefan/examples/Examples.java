package com.evefan.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The shipped examples, all of them. */
public final class Examples {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z0-9.-]+)}}");
    private static final String EXTENSION = ".camel.yaml";

    private Examples() {}

    public static List<String> names() throws IOException {
        return namesIn(Path.of("routes", "examples"));
    }

    /** The destinations in {@code directory}, by their files. */
    static List<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(EXTENSION))
                    .map(name -> name.replace(EXTENSION, ""))
                    .sorted()
                    .toList();
        }
    }

    /** A value for every placeholder of theirs that has no default; nobody listens there. */
    public static Map<String, String> placeholders(Collection<String> examples) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String example : examples) {
            String text = Files.readString(Path.of("routes", "examples", example + EXTENSION));
            PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).forEach(key -> {
                if (key.endsWith("url")) {
                    values.put(key, "http://127.0.0.1:1/" + example);
                } else if (!key.startsWith("evefan.")) {
                    values.put(key, "127.0.0.1:1");
                }
            });
        }
        values.put("mail.from", "a@example.org");
        values.put("mail.to", "b@example.org");
        values.put("s3.bucket", "events");
        values.put("query.parameters", "key=1");
        values.keySet().removeIf(key -> key.startsWith("evefan."));
        return values;
    }
}
