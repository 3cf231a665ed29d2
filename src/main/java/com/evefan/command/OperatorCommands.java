package com.evefan.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of a running Evefan, each of which is one request to it. */
public final class OperatorCommands {
    private static final JsonMapper JSON = new JsonMapper();

    private OperatorCommands() {}

    /**
     * A request.
     *
     * @param method of HTTP
     * @param path with its query
     * @param body JSON; null where there is none
     */
    public record Request(
            String method, String path, @Nullable String body) {
        public static final Request HEALTH = new Request("GET", "/v1/health");

        Request(String method, String path) {
            this(method, path, null);
        }
    }

    /** Sends a request and tells what is answered. */
    @FunctionalInterface
    public interface Ask {
        /** The exit code. */
        int ask(Request request) throws Exception;
    }

    /** All of them, each with its own subcommands. */
    public static List<Object> all(Ask ask) {
        return List.of(
                new Health(ask),
                new Retry(ask),
                new Pause(ask),
                new Resume(ask),
                new Forget(ask),
                new FindEvent(ask),
                new Replays(ask),
                new Erase(ask),
                new Erasures(ask),
                new Plan(ask),
                new DeadLetters(ask));
    }

    @Command(name = "health", description = "Shows how every destination, the journal and the broker are.")
    record Health(Ask ask) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return ask.ask(Request.HEALTH);
        }
    }

    /** What is done to one destination: the command's name is the last segment of its path. */
    abstract static class OnDestination implements Callable<Integer> {
        private final Ask ask;
        private final String verb;

        @Parameters(paramLabel = "<destination>", description = "Its name.")
        private String destination = "";

        OnDestination(Ask ask, String verb) {
            this.ask = ask;
            this.verb = verb;
        }

        @Override
        public Integer call() throws Exception {
            return ask.ask(new Request("POST", "/v1/destinations/" + encode(destination) + "/" + verb));
        }
    }

    @Command(name = "retry", description = "Tries at once what waits for a destination.")
    static final class Retry extends OnDestination {
        Retry(Ask ask) {
            super(ask, "retry");
        }
    }

    @Command(name = "pause", description = "Hands a destination nothing more; it stays owed everything.")
    static final class Pause extends OnDestination {
        Pause(Ask ask) {
            super(ask, "pause");
        }
    }

    @Command(name = "resume", description = "Goes on where a destination was paused.")
    static final class Resume extends OnDestination {
        Resume(Ask ask) {
            super(ask, "resume");
        }
    }

    @Command(name = "forget", description = "Gives up what is owed to a destination whose file is gone.")
    static final class Forget extends OnDestination {
        Forget(Ask ask) {
            super(ask, "forget");
        }
    }

    @Command(
            name = "event",
            description = "Says where an event is, for each destination; or shows a person's last ones.")
    static final class FindEvent implements Callable<Integer> {
        private final Ask ask;

        @ArgGroup(exclusive = true, multiplicity = "1")
        private Which which = new Which();

        /** One of them. */
        static final class Which {
            @Parameters(paramLabel = "<messageId>", description = "Its messageId.")
            @Nullable
            String messageId;

            @Option(names = "--user-id", paramLabel = "<id>", description = "The last events of this userId.")
            @Nullable
            String userId;

            @Option(names = "--anonymous-id", paramLabel = "<id>", description = "The last events of this anonymousId.")
            @Nullable
            String anonymousId;
        }

        FindEvent(Ask ask) {
            this.ask = ask;
        }

        @Override
        public Integer call() throws Exception {
            String path = which.userId != null
                    ? "?userId=" + encode(which.userId)
                    : which.anonymousId != null
                            ? "?anonymousId=" + encode(which.anonymousId)
                            : "/" + encode(String.valueOf(which.messageId));
            return ask.ask(new Request("GET", "/v1/events" + path));
        }
    }

    /** Replays from the journal. */
    @Command(name = "replays", description = "Sends events that are kept to a destination again.")
    static final class Replays {
        private final Ask ask;

        Replays(Ask ask) {
            this.ask = ask;
        }

        @Command(name = "list", description = "Shows how far they are.")
        int list() throws Exception {
            return ask.ask(new Request("GET", "/v1/replays"));
        }

        @Command(name = "stop", description = "Ends one at once.")
        int stop(@Parameters(paramLabel = "<id>", description = "Its number.") String id) throws Exception {
            return ask.ask(new Request("DELETE", "/v1/replays/" + encode(id)));
        }

        @Command(name = "start", description = "Starts one, or says what it would be.")
        int start(
                @Parameters(paramLabel = "<destination>", description = "Its name.") String destination,
                @Option(names = "--since", paramLabel = "<time>", description = "Accepted then or later.") @Nullable
                        String since,
                @Option(names = "--until", paramLabel = "<time>", description = "Accepted before.") @Nullable
                        String until,
                @Option(names = "--event", paramLabel = "<name>", description = "The event's name.") @Nullable
                        String event,
                @Option(names = "--user", paramLabel = "<id>", description = "The event's userId.") @Nullable
                        String user,
                @Option(names = "--source", paramLabel = "<name>", description = "Who sent it.") @Nullable
                        String source,
                @Option(names = "--messageId", paramLabel = "<id>", description = "The event's messageId.") @Nullable
                        String messageId,
                @Option(names = "--dry-run", description = "Only counts.") boolean dryRun)
                throws Exception {
            ObjectNode body = JSON.createObjectNode()
                    .put("destination", destination)
                    .put("since", since)
                    .put("until", until)
                    .put("event", event)
                    .put("user", user)
                    .put("source", source)
                    .put("messageId", messageId)
                    .put("dryRun", dryRun);
            return ask.ask(new Request("POST", "/v1/replays", body.toString()));
        }
    }

    @Command(name = "erase", description = "Erases a person, and says what is left to do.")
    static final class Erase implements Callable<Integer> {
        private final Ask ask;

        @Option(names = "--user-id", paramLabel = "<id>", description = "A userId; as many as there are.")
        private List<String> userIds = List.of();

        @Option(names = "--anonymous-id", paramLabel = "<id>", description = "An anonymousId; as many as there are.")
        private List<String> anonymousIds = List.of();

        @Option(names = "--dry-run", description = "Only counts.")
        private boolean dryRun;

        Erase(Ask ask) {
            this.ask = ask;
        }

        @Override
        public Integer call() throws Exception {
            ObjectNode body = JSON.createObjectNode();
            userIds.forEach(body.putArray("userId")::add);
            anonymousIds.forEach(body.putArray("anonymousId")::add);
            return ask.ask(new Request(
                    "POST", "/v1/erasures", body.put("dryRun", dryRun).toString()));
        }
    }

    /** What became of erasures. */
    @Command(name = "erasures", description = "Shows how far erasures are, and what they leave to do.")
    static final class Erasures {
        private final Ask ask;

        Erasures(Ask ask) {
            this.ask = ask;
        }

        @Command(name = "list", description = "Shows how far they are.")
        int list() throws Exception {
            return ask.ask(new Request("GET", "/v1/erasures"));
        }

        @Command(name = "stop", description = "Ends one as soon as that can be.")
        int stop(@Parameters(paramLabel = "<id>", description = "Its number.") String id) throws Exception {
            return ask.ask(new Request("DELETE", "/v1/erasures/" + encode(id)));
        }
    }

    /** Those of the tracking plan. */
    @Command(name = "plan", description = "Writes tracking plans.")
    static final class Plan {
        private final Ask ask;

        Plan(Ask ask) {
            this.ask = ask;
        }

        @Command(name = "infer", description = "Prints a first one, by the events that are kept.")
        int infer(
                @Option(names = "--since", paramLabel = "<time>", description = "Accepted then or later.") @Nullable
                        String since)
                throws Exception {
            return ask.ask(new Request("GET", "/v1/plan" + (since == null ? "" : "?since=" + encode(since))));
        }
    }

    /** Those of dead letters. */
    @Command(
            name = "dead-letters",
            description = "Lists, shows, exports, replays and deletes events that a destination did not take.")
    static final class DeadLetters {
        private final Ask ask;

        DeadLetters(Ask ask) {
            this.ask = ask;
        }

        /** Which of them. */
        static final class Filters {
            @Option(names = "--reason", paramLabel = "<text>", description = "Part of the reason.")
            @Nullable
            String reason;

            @Option(
                    names = "--error",
                    paramLabel = "<code>",
                    description = "The destination's own code, such as 22003.")
            @Nullable
            String error;

            @Option(names = "--event", paramLabel = "<name>", description = "The event's name.")
            @Nullable
            String event;

            @Option(names = "--messageId", paramLabel = "<id>", description = "The event's messageId.")
            @Nullable
            String messageId;

            @Option(names = "--userId", paramLabel = "<id>", description = "The event's userId.")
            @Nullable
            String userId;

            @Option(names = "--since", paramLabel = "<time>", description = "Such as 2026-11-23T03:00:00Z.")
            @Nullable
            String since;

            @Option(names = "--until", paramLabel = "<time>", description = "Such as 2026-11-23T04:00:00Z.")
            @Nullable
            String until;

            private String query(Map<String, @Nullable String> more) {
                Map<String, @Nullable String> all = new LinkedHashMap<>();
                all.put("reason", reason);
                all.put("error", error);
                all.put("event", event);
                all.put("messageId", messageId);
                all.put("userId", userId);
                all.put("since", since);
                all.put("until", until);
                all.putAll(more);
                StringBuilder query = new StringBuilder();
                all.forEach((name, value) -> {
                    if (value != null) {
                        query.append(query.length() == 0 ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(encode(value));
                    }
                });
                return query.toString();
            }
        }

        /** Some, or all of them on purpose. */
        static final class FiltersOrAll {
            @ArgGroup(exclusive = false)
            @Nullable
            Filters filters;

            @Option(names = "--all", arity = "0..1", fallbackValue = "true", description = "All of them.")
            boolean all;
        }

        @Command(name = "list", description = "Counts them by destination and reason.")
        int list() throws Exception {
            return ask.ask(new Request("GET", "/v1/dead-letters"));
        }

        @Command(name = "show", description = "Shows those of a destination.")
        int show(
                @Parameters(paramLabel = "<destination>", description = "Its name.") String destination,
                @Mixin Filters filters,
                @Option(names = "--limit", paramLabel = "<n>", description = "At most so many; 100 unless set.")
                        @Nullable
                        Integer limit)
                throws Exception {
            return ask.ask(new Request("GET", path(destination) + filters.query(limit(limit))));
        }

        @Command(name = "export", description = "Prints those of a destination as lines of JSON.")
        int export(
                @Parameters(paramLabel = "<destination>", description = "Its name.") String destination,
                @Mixin Filters filters,
                @Option(names = "--limit", paramLabel = "<n>", description = "At most so many.") @Nullable
                        Integer limit)
                throws Exception {
            return ask.ask(new Request("GET", path(destination) + "/export" + filters.query(limit(limit))));
        }

        @Command(name = "replay", description = "Delivers those of a destination once more.")
        int replay(
                @Parameters(paramLabel = "<destination>", description = "Its name.") String destination,
                @Mixin Filters filters)
                throws Exception {
            return ask.ask(new Request("POST", path(destination) + "/replay" + filters.query(Map.of())));
        }

        @Command(name = "delete", description = "Deletes those of a destination: filters say which, or --all.")
        int delete(
                @Parameters(paramLabel = "<destination>", description = "Its name.") String destination,
                @ArgGroup(multiplicity = "1") FiltersOrAll which)
                throws Exception {
            Filters filters = which.filters == null ? new Filters() : which.filters;
            return ask.ask(new Request(
                    "DELETE", path(destination) + filters.query(which.all ? Map.of("all", "true") : Map.of())));
        }

        private static Map<String, @Nullable String> limit(@Nullable Integer limit) {
            return limit == null ? Map.of() : Map.of("limit", String.valueOf(limit));
        }

        private static String path(String destination) {
            return "/v1/dead-letters/" + encode(destination);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
