package com.evefan.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * One command line as a request.
 *
 * @param method of HTTP
 * @param path with its query
 */
record Command(String method, String path) {
    static final String USAGE = """
            Commands, to be run where Evefan runs and with its settings:
              health                               how every destination, the journal and the broker are
              retry <destination>                  try at once what waits for it
              pause <destination>                  hand it nothing more; it stays owed everything
              resume <destination>                 go on where it was paused
              forget <destination>                 give up what is owed to one whose file is gone
              dead-letters list                    count by destination and reason
              dead-letters show <destination>      [filters] [--limit 100]
              dead-letters export <destination>    [filters] [--limit n]: JSON lines
              dead-letters replay <destination>    [filters]: deliver once more
              dead-letters delete <destination>    filters, or --all true
            Filters: --reason <part of it> --error <code> --event <name> --messageId <id>
                     --userId <id> --since <2026-11-23T03:00:00Z> --until <time>""";

    private static final Set<String> ON_DESTINATIONS = Set.of("retry", "pause", "resume", "forget");
    private static final Set<String> OPTIONS = Set.of(
            "--reason", "--error", "--event", "--messageId", "--userId", "--since", "--until", "--limit", "--all");

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException when it is none; the message says what is expected
     */
    static Command parse(List<String> words) {
        String first = words.isEmpty() ? "" : words.get(0);
        if (first.equals("health") && words.size() == 1) {
            return new Command("GET", "/v1/health");
        }
        if (ON_DESTINATIONS.contains(first) && words.size() == 2) {
            return new Command("POST", "/v1/destinations/" + encode(words.get(1)) + "/" + first);
        }
        if (first.equals("dead-letters") && words.size() >= 2) {
            return deadLetters(words.get(1), words.subList(2, words.size()));
        }
        throw new IllegalArgumentException(USAGE);
    }

    private static Command deadLetters(String verb, List<String> rest) {
        if (verb.equals("list") && rest.isEmpty()) {
            return new Command("GET", "/v1/dead-letters");
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        String path = "/v1/dead-letters/" + encode(rest.get(0));
        String query = query(rest.subList(1, rest.size()));
        return switch (verb) {
            case "show" -> new Command("GET", path + query);
            case "export" -> new Command("GET", path + "/export" + query);
            case "replay" -> new Command("POST", path + "/replay" + query);
            case "delete" -> new Command("DELETE", path + query);
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private static String query(List<String> options) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < options.size(); i += 2) {
            String option = options.get(i);
            if (!OPTIONS.contains(option) || i + 1 == options.size()) {
                throw new IllegalArgumentException(
                        "what is " + option + (OPTIONS.contains(option) ? " without a value?\n" : "?\n") + USAGE);
            }
            query.append(i == 0 ? '?' : '&')
                    .append(option.substring(2))
                    .append('=')
                    .append(encode(options.get(i + 1)));
        }
        return query.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
