package com.evefan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs one command in this process, with what it reads and writes in memory. */
public final class CommandLine {
    /**
     * What a command left.
     *
     * @param problems what it wrote to the standard error
     */
    public record Result(int exitCode, String output, String problems) {}

    private CommandLine() {}

    /** @param settings as {@code -D} on the command line */
    public static Result run(Map<String, String> settings, String input, String... words) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream problems = new ByteArrayOutputStream();
        settings.forEach(System::setProperty);
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(problems, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.run(List.of(words));
            return new Result(
                    exitCode, output.toString(StandardCharsets.UTF_8), problems.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            settings.keySet().forEach(System::clearProperty);
        }
    }
}
