package com.evefan;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Evefan with two destinations over HTTP, of which tests let one fail, and short waits between attempts. */
record TwoDestinations(WebHook flaky, WebHook steady, RunningEvefan evefan, Operator operator)
        implements AutoCloseable {
    /** Keeps everything in {@code directory}; {@code more} are properties besides. */
    static TwoDestinations start(Path directory, Map<String, String> more) throws Exception {
        WebHook flaky = WebHook.start("flaky");
        WebHook steady = WebHook.start("steady");
        flaky.routeTo(directory);
        steady.routeTo(directory);
        RunningEvefan evefan = RunningEvefan.start(directory.resolve("data"), properties(directory, more));
        return new TwoDestinations(flaky, steady, evefan, new Operator(evefan));
    }

    /** Properties for destination files in {@code directory} and no others. */
    static Map<String, String> properties(Path directory, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "camel.main.routes-include-pattern",
                RunningEvefan.SHELL_ROUTES + ",file:" + directory + "/*.camel.yaml");
        properties.put("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none");
        properties.put("evefan.redelivery.delay-ms", "50");
        properties.put("evefan.retry.delay-ms", "200");
        properties.put("evefan.retry.max-delay-ms", "400");
        properties.putAll(more);
        return properties;
    }

    /** What {@code hook} took of the events whose ids begin with {@code prefix}, in order. */
    static List<String> taken(WebHook hook, String prefix) {
        return hook.taken().stream().filter(id -> id.startsWith(prefix)).toList();
    }

    /** The ids from {@code prefix0} on. */
    static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Override
    public void close() {
        evefan.close();
        flaky.close();
        steady.close();
    }
}
