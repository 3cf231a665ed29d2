package com.evefan.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A ready destination in {@code routes/examples}: what it is and needs, and what it is under another name. */
public final class Example {
    /** Where they are, beside the other routes. */
    public static final Path FOLDER = Path.of("routes", "examples");

    private static final Pattern COMPONENT = Pattern.compile("-Dcomponent=(camel-[a-z0-9-]+)");
    private static final Pattern EVENT = Pattern.compile("\\.event == \"([^\"]+)\"");

    /** A line of the comment on one setting or more: their names, and what they are. */
    private static final Pattern ABOUT = Pattern.compile("#   ([a-z][\\w.-]*(?:, [a-z][\\w.-]*)*)(?:  +|$)(.*)");

    private final String name;
    private final String text;

    /**
     * One of its placeholders.
     *
     * @param key without the name before it, such as {@code url}
     * @param about what it is, as the file's comment says; may be empty
     * @param otherwise its default; null where it has to be set
     */
    public record Setting(
            String key, String about, @Nullable String otherwise) {
        public boolean isRequired() {
            return otherwise == null;
        }

        public boolean isSecret() {
            return key.matches(".*(password|secret|token|key|authorization).*") && !key.endsWith("url");
        }
    }

    private Example(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** All in {@code folder}, by name. */
    public static Map<String, Example> in(Path folder) throws IOException {
        Map<String, Example> examples = new TreeMap<>();
        for (Path file : RouteCheck.files(folder)) {
            String name = RouteFile.read(file).name();
            examples.put(name, new Example(name, Files.readString(file)));
        }
        return examples;
    }

    public String name() {
        return name;
    }

    /** Its comment's first sentence. */
    public String title() {
        String first = text.lines().findFirst().orElse("").replaceFirst("^# ?", "");
        return first.replaceFirst("(?<=[a-z0-9)])[.;](?= |$).*$", "");
    }

    /** What stands in its comment. */
    public String comment() {
        StringBuilder comment = new StringBuilder();
        text.lines()
                .takeWhile(line -> line.startsWith("#"))
                .forEach(line -> comment.append(line).append('\n'));
        return comment.toString();
    }

    /** The component that has to be fetched for it; empty where Evefan has all. */
    public String component() {
        Matcher component = COMPONENT.matcher(text);
        return component.find() ? component.group(1) : "";
    }

    /** The name of an event that it wants; a plain one where it wants all. */
    public String wantedEvent() {
        Matcher event = EVENT.matcher(text);
        return event.find() ? event.group(1) : "Order Completed";
    }

    /** Its placeholders, in the order of the file. */
    public List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        placeholders().results().forEach(found -> {
            String key = found.group(1);
            if (settings.stream().noneMatch(one -> one.key().equals(key))) {
                settings.add(new Setting(key, about(key), otherwise(found)));
            }
        });
        return settings;
    }

    private Matcher placeholders() {
        return Pattern.compile("\\{\\{" + Pattern.quote(name) + "\\.([a-z0-9-]+)(:(?:\\{\\{[^{}]*}}|[^{}])*)?}}")
                .matcher(text);
    }

    private static @Nullable String otherwise(MatchResult placeholder) {
        return placeholder.group(2) == null ? null : placeholder.group(2).substring(1);
    }

    private String about(String key) {
        for (String line : text.lines().toList()) {
            Matcher about = ABOUT.matcher(line);
            if (about.matches() && List.of(about.group(1).split(", ")).contains(name + "." + key)) {
                return about.group(2).replaceFirst(" ?\\([A-Z_, ]+\\)$", "");
            }
        }
        return "";
    }

    /** Characters that a value must not have, because of what the file puts it into. */
    String forbidden(String key) {
        String placeholder = "\\{\\{" + Pattern.quote(name + "." + key) + "[:}]";
        String forbidden = "";
        if (Pattern.compile("'" + placeholder).matcher(text).find()) {
            forbidden += "'";
        }
        if (Pattern.compile("(?m)^ +expression: '.*\"[^\"]*" + placeholder)
                .matcher(text)
                .find()) {
            forbidden += "\"\\";
        }
        return forbidden;
    }

    /**
     * The file as {@code other}, whose settings begin with {@code prefix} instead of the name and a dot.
     *
     * @param steps what comes before its own: YAML, indented as those; may be empty
     */
    public String named(String other, String prefix, String steps) {
        String mine = Pattern.quote(name);
        String bean = Matcher.quoteReplacement(camelCase(other));
        String copy = text.replaceAll("(?m)^    id: " + mine + "$", "    id: " + other)
                .replaceAll("(?m)^    nodePrefixId: " + mine + "-$", "    nodePrefixId: " + other + "-")
                .replaceAll("(?m)uri: direct:" + mine + "$", "uri: direct:" + other)
                .replaceAll("\\{\\{" + mine + "\\.", "{{" + Matcher.quoteReplacement(prefix))
                .replaceAll("(?m)(?<=name: |\"#)" + Pattern.quote(camelCase(name)) + "(?=[A-Z])", bean);
        StringBuilder lines = new StringBuilder();
        copy.lines()
                .forEach(line -> lines.append(line.startsWith("#") ? comment(line, prefix) : line)
                        .append('\n'));
        return steps.isEmpty()
                ? lines.toString()
                : lines.toString().replaceFirst("\n      steps:\n", "$0" + Matcher.quoteReplacement(steps));
    }

    private String comment(String line, String prefix) {
        return line.replaceAll(
                        "\\b" + Pattern.quote(name) + "\\.(?!camel\\.yaml)(?=[a-z])", Matcher.quoteReplacement(prefix))
                .replaceAll("\\b" + variable(name + ".") + "(?=[A-Z])", Matcher.quoteReplacement(variable(prefix)));
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("-")) {
            text.append(text.length() == 0 ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }
}
