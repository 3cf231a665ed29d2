package com.evefan.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One command line as a request.
 *
 * @param method of HTTP
 * @param path with its query
 * @param body JSON; null where there is none
 */
record Command(String method, String path, @Nullable String body) {
    static final String USAGE = """
            Commands, to be run where Evefan runs and with its settings:
              health                               how every destination, the journal and the broker are
              retry <destination>                  try at once what waits for it
              pause <destination>                  hand it nothing more; it stays owed everything
              resume <destination>                 go on where it was paused
              forget <destination>                 give up what is owed to one whose file is gone
              event <messageId>                    where it is, for each destination
              replays start <destination>          [--since t] [--until t] [--event name] [--user id] [--source name]
                                                   [--messageId id] [--dry-run]: send again what is kept
              replays list                         how far they are
              replays stop <id>
              erase                                --user-id <id> and --anonymous-id <id>, as many as there are;
                                                   [--dry-run]
              dead-letters list                    count by destination and reason
              dead-letters show <destination>      [filters] [--limit 100]
              dead-letters export <destination>    [filters] [--limit n]: JSON lines
              dead-letters replay <destination>    [filters]: deliver once more
              dead-letters delete <destination>    filters, or --all true
            Filters: --reason <part of it> --error <code> --event <name> --messageId <id>
                     --userId <id> --since <2026-11-23T03:00:00Z> --until <time>""";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> REPLAY_OPTIONS = Map.of(
            "--since", "since",
            "--until", "until",
            "--event", "event",
            "--user", "user",
            "--source", "source",
            "--messageId", "messageId");
    private static final Map<String, String> ERASE_OPTIONS =
            Map.of("--user-id", "userId", "--anonymous-id", "anonymousId");
    private static final Set<String> ON_DESTINATIONS = Set.of("retry", "pause", "resume", "forget");
    private static final Set<String> OPTIONS = Set.of(
            "--reason", "--error", "--event", "--messageId", "--userId", "--since", "--until", "--limit", "--all");

    /** For a request without a body. */
    Command(String method, String path) {
        this(method, path, null);
    }

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
        if (first.equals("event") && words.size() == 2) {
            return new Command("GET", "/v1/events/" + encode(words.get(1)));
        }
        if (first.equals("replays") && words.size() >= 2) {
            return replays(words.get(1), words.subList(2, words.size()));
        }
        if (first.equals("erase") && words.size() >= 2) {
            ObjectNode body = body(words.subList(1, words.size()), ERASE_OPTIONS);
            return new Command("POST", "/v1/erasures", body.toString());
        }
        if (first.equals("dead-letters") && words.size() >= 2) {
            return deadLetters(words.get(1), words.subList(2, words.size()));
        }
        throw new IllegalArgumentException(USAGE);
    }

    private static Command replays(String verb, List<String> rest) {
        if (verb.equals("list") && rest.isEmpty()) {
            return new Command("GET", "/v1/replays");
        }
        if (verb.equals("stop") && rest.size() == 1) {
            return new Command("DELETE", "/v1/replays/" + encode(rest.get(0)));
        }
        if (verb.equals("start") && !rest.isEmpty()) {
            ObjectNode body = body(rest.subList(1, rest.size()), REPLAY_OPTIONS);
            return new Command(
                    "POST", "/v1/replays", body.put("destination", rest.get(0)).toString());
        }
        throw new IllegalArgumentException(USAGE);
    }

    /** Options as members; one that comes more than once as an array. */
    private static ObjectNode body(List<String> options, Map<String, String> known) {
        ObjectNode body = JSON.createObjectNode();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            String member = known.get(option);
            if (option.equals("--dry-run")) {
                body.put("dryRun", true);
            } else if (member == null || i + 1 == options.size()) {
                throw new IllegalArgumentException(
                        "what is " + option + (member == null ? "?\n" : " without a value?\n") + USAGE);
            } else if (body.get(member) instanceof ArrayNode several) {
                several.add(options.get(++i));
            } else if (body.has(member)) {
                String before = body.get(member).asText();
                body.putArray(member).add(before).add(options.get(++i));
            } else {
                body.put(member, options.get(++i));
            }
        }
        return body;
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
