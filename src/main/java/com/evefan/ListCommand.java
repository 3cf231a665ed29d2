package com.evefan;

import com.evefan.route.Example;
import java.io.PrintStream;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows which destinations are ready to be added. */
@Command(name = "list", description = "Shows the destinations that can be added, and what each needs.")
final class ListCommand extends LocalCommand {
    @Override
    int run(PrintStream out) throws Exception {
        Map<String, Example> examples = Example.in(Example.FOLDER);
        if (examples.isEmpty()) {
            System.err.println("there are none in " + Example.FOLDER + "; is this Evefan's own directory?");
            return 1;
        }
        int width = examples.keySet().stream().mapToInt(String::length).max().orElse(0) + 2;
        for (Example example : examples.values()) {
            out.println(pad(example.name(), width) + example.title());
            String needs = example.settings().stream()
                    .filter(Example.Setting::isRequired)
                    .map(setting -> example.name() + "." + setting.key())
                    .collect(Collectors.joining(", "));
            out.println(pad("", width)
                    + (needs.isEmpty() ? "needs nothing" : "needs " + needs)
                    + (example.component().isEmpty()
                            ? ""
                            : "; once: mvn -f extensions -Dcomponent=" + example.component()));
        }
        out.println();
        out.println("Add one: bin/evefan add <name>. All of its settings: bin/evefan add <name> --help-settings");
        return 0;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
