package com.evefan.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of the Dockerfile, each on one line, without comments. */
record Dockerfile(List<Instruction> instructions) {
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=(\\S+)");

    /** @param stage how many FROM came before it, its own included: 1 is the build, 2 the image */
    record Instruction(int stage, String name, String arguments) {
        List<String> words() {
            return List.of(arguments.split("\\s+"));
        }
    }

    static Dockerfile read() throws IOException {
        String text = Files.readString(Path.of("Dockerfile"))
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", "");
        List<Instruction> instructions = new ArrayList<>();
        int stage = 0;
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            String[] parts = line.split("\\s+", 2);
            stage += parts[0].equals("FROM") ? 1 : 0;
            instructions.add(new Instruction(stage, parts[0], parts[1]));
        }
        return new Dockerfile(instructions);
    }

    List<Instruction> all(String name) {
        return instructions.stream()
                .filter(instruction -> instruction.name().equals(name))
                .toList();
    }

    /** The arguments of an instruction of which only the last one counts. */
    String last(String name) {
        List<Instruction> found = all(name);
        return found.isEmpty() ? "" : found.get(found.size() - 1).arguments();
    }

    /** What ENV sets. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Instruction instruction : all("ENV")) {
            Matcher variable = VARIABLE.matcher(instruction.arguments());
            while (variable.find()) {
                environment.put(variable.group(1), variable.group(2));
            }
        }
        return environment;
    }
}
