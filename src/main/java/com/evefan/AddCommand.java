package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.event.Event;
import com.evefan.event.ReadResult;
import com.evefan.route.Example;
import com.evefan.route.Problem;
import com.evefan.route.RouteFolders;
import com.evefan.route.SettingsDestinations;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a destination from an example: its file, and its settings. */
@Command(
        name = "add",
        description =
                "Adds a destination: copies an example of \"list\", asks for its settings, checks it, and shows what"
                        + " an event would become.",
        footer = "Settings may be given as options: bin/evefan add webhook crm --url https://…")
final class AddCommand extends LocalCommand {
    @Parameters(index = "0", paramLabel = "<example>", description = "One of those that \"list\" shows.")
    private String exampleName = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "[<name>] [--<setting> <value>]...",
            description = "What it is to be called, and its settings.")
    private List<String> words = List.of();

    @Option(
            names = "--properties",
            paramLabel = "<file>",
            description = "Where its settings are written; application.properties without it.")
    private Path properties = Path.of("application.properties");

    @Option(names = "--help-settings", description = "Shows the example's comment, with its settings.")
    private boolean explain;

    @Override
    int run(PrintStream out) throws Exception {
        Map<String, Example> examples = Example.in(Example.FOLDER);
        Example example = examples.get(exampleName);
        if (example == null) {
            throw new UsageException(
                    "there is no example " + exampleName + ", only " + String.join(", ", examples.keySet()));
        }
        if (explain) {
            out.print(example.comment());
            return 0;
        }
        List<String> left = new ArrayList<>(words);
        String name = left.isEmpty() || left.get(0).startsWith("--") ? example.name() : left.remove(0);
        if (!SettingsDestinations.nameProblem(name).isEmpty()) {
            throw new UsageException(SettingsDestinations.nameProblem(name));
        }
        Configuration configuration = Configuration.load(System.getProperties());
        Path folder = folder(configuration);
        Path file = folder.resolve(name + ".camel.yaml");
        if (Files.exists(file)) {
            throw new UsageException(
                    file + " is there already; another name: bin/evefan add " + example.name() + " <name>");
        }
        Map<String, String> options = options(left, example, name);
        Map<String, String> settings = settings(example, name, options, configuration);
        return add(example, name, file, settings, configuration, out);
    }

    /** Where files of one's own are: the last folder but those that Evefan writes itself. */
    private static Path folder(Configuration configuration) throws UsageException {
        List<Path> folders = new ArrayList<>(RouteFolders.ofDestinations(configuration.property(RouteFiles.PATTERN)));
        folders.remove(configuration.bySettings());
        if (folders.isEmpty()) {
            throw new UsageException(RouteFiles.PATTERN + " names no folder called destinations");
        }
        return folders.get(folders.size() - 1);
    }

    /** {@code --key value} and {@code --key=value}. */
    private static Map<String, String> options(List<String> words, Example example, String name) throws UsageException {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> known =
                example.settings().stream().map(Example.Setting::key).toList();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String key = word.replaceFirst("^--", "").replaceFirst("=(?s:.*)$", "");
            if (!word.startsWith("--") || !known.contains(key)) {
                throw new UsageException(
                        example.name() + " has no setting " + word + "; there are --" + String.join(", --", known));
            }
            if (equals < 0 && i + 1 == words.size()) {
                throw new UsageException(word + " wants a value");
            }
            options.put(name + "." + key, equals >= 0 ? word.substring(equals + 1) : words.get(++i));
        }
        return options;
    }

    /** Of those that are set nowhere yet: what was given, or else what is answered. */
    private static Map<String, String> settings(
            Example example, String name, Map<String, String> options, Configuration configuration)
            throws UsageException {
        Map<String, String> settings = new LinkedHashMap<>(options);
        List<String> missing = new ArrayList<>();
        Console console = System.console();
        for (Example.Setting setting : example.settings()) {
            String key = name + "." + setting.key();
            if (settings.containsKey(key) || configuration.isSet(key)) {
                continue;
            }
            String answer = console == null ? null : ask(console, key, setting);
            if (answer != null && !answer.isBlank()) {
                settings.put(key, answer.strip());
            } else if (setting.isRequired()) {
                missing.add("--" + setting.key() + (setting.about().isEmpty() ? "" : "  " + setting.about()));
            }
        }
        if (!missing.isEmpty()) {
            throw new UsageException(example.name() + " needs:\n  " + String.join("\n  ", missing)
                    + "\ngive these as options, or set " + name + ".* in application.properties or the environment");
        }
        for (String suffix : List.of("max-events", "max-bytes", "max-age-ms", "at-once")) {
            String batch = ".batch." + suffix;
            if (!name.equals(example.name())
                    && configuration.isSet(example.name() + batch)
                    && !configuration.isSet(name + batch)) {
                settings.put(name + batch, configuration.property(example.name() + batch));
            }
        }
        return settings;
    }

    private static @Nullable String ask(Console console, String key, Example.Setting setting) {
        String otherwise = setting.otherwise() == null ? "" : " [" + setting.otherwise() + "]";
        String about = setting.about().isEmpty() ? "" : " (" + setting.about() + ")";
        if (setting.isSecret()) {
            char[] secret = console.readPassword("%s%s%s: ", key, about, otherwise);
            return secret == null ? null : new String(secret);
        }
        return console.readLine("%s%s%s: ", key, about, otherwise);
    }

    /** Checks it beside the others first; only what is in order is written. */
    private int add(
            Example example,
            String name,
            Path file,
            Map<String, String> settings,
            Configuration configuration,
            PrintStream out)
            throws Exception {
        Path temporary = Files.createTempDirectory("evefan-add");
        Path drafts = Files.createDirectory(temporary.resolve("destinations"));
        Path draft = drafts.resolve(name + ".camel.yaml");
        Files.writeString(draft, example.named(name, name + ".", ""));
        settings.forEach(System::setProperty);
        List<Path> all = new ArrayList<>(RouteFiles.of(configuration));
        all.add(draft);
        try (Evefan wired = Evefan.wired(configuration)) {
            List<Problem> problems =
                    Problem.errors(RouteFiles.check(configuration, wired).check(List.of(draft), all));
            if (!problems.isEmpty()) {
                problems.forEach(problem -> System.err.println(
                        problem.toString().replace(draft.toString(), example.name() + ".camel.yaml")));
                System.err.println("Nothing was added.");
                return 1;
            }
        } finally {
            Files.delete(draft);
            Files.delete(drafts);
            Files.delete(temporary);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, example.named(name, name + ".", ""));
        out.println("Added " + file);
        if (!settings.isEmpty()) {
            append(example, name, settings);
            out.println("Set in " + properties + ": " + String.join(", ", settings.keySet()));
        }
        out.println("It gets events from the next start on; at once, where Evefan runs by mvn. An event like this");
        show(configuration, name, file, example.wantedEvent(), out);
        return 0;
    }

    private void append(Example example, String name, Map<String, String> settings) throws IOException {
        StringBuilder lines = new StringBuilder();
        String before = Files.exists(properties) ? Files.readString(properties) : "";
        lines.append(before.isEmpty() || before.endsWith("\n") ? "\n" : "\n\n");
        lines.append("# ---- ")
                .append(name)
                .append(", from the example ")
                .append(example.name())
                .append('\n');
        settings.forEach((key, value) ->
                lines.append(key).append(" = ").append(escaped(value)).append('\n'));
        Files.writeString(properties, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** As the value in a properties file. */
    static String escaped(String value) {
        String text = value.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        return text.startsWith(" ") ? "\\" + text : text;
    }

    private static void show(Configuration configuration, String name, Path file, String event, PrintStream out)
            throws Exception {
        String sample = "{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"" + event
                + "\",\"properties\":{\"total\":120,\"currency\":\"EUR\"}}";
        out.println("  " + sample);
        out.println("would become");
        ReadResult result =
                new ExplainedRequest(configuration).read(sample.getBytes(StandardCharsets.UTF_8), null, null);
        List<Path> files = RouteFiles.of(configuration);
        List<Path> needed = files.stream()
                .filter(one -> one.equals(file) || !one.toString().contains("destinations"))
                .toList();
        try (Explanation explanation = Explanation.of(configuration, needed)) {
            for (Event one : result.accepted().events()) {
                out.println(explanation.text(one, name));
            }
        }
    }
}
