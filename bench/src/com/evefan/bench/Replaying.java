package com.evefan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A million kept events go to a destination that only counts once more: first with nothing else to do, then beside live
 * events for it and for PostgreSQL.
 */
final class Replaying {
    private static final long EVENTS = Long.getLong("bench.replay-events", 1_000_000);
    private static final int CONNECTIONS = 8;
    private static final int BATCH = 100;
    private static final int MOST_TURNS = 60;
    private static final int IN_A_ROW = 20;
    private static final double LIMIT_SECONDS = 600;
    private static final String DESTINATION = "count1";

    private Replaying() {}

    static void measure(Evefan evefan, Figures figures, Options options) throws Exception {
        Instant since = Instant.now();
        double before = live(evefan, figures, options, "live: ");
        fill(evefan, options);
        double replayed = idle(evefan, figures, since);
        double between = live(evefan, figures, options, "live: ");
        figures.add("replayed / live", replayed / ((before + between) / 2));
        double beside = beside(evefan, figures, options, since);
        double after = live(evefan, figures, options, "live: ");
        figures.add("live beside a replay / live", 2 * beside / (between + after));
    }

    private static double live(Evefan evefan, Figures figures, Options options, String name) throws Exception {
        return new Subject(evefan, name, figures).closed(Bodies.batches(BATCH), CONNECTIONS, options.seconds());
    }

    /** Sends until enough are kept; they are delivered when this returns. */
    private static void fill(Evefan evefan, Options options) throws Exception {
        long accepted = 0;
        for (int turn = 0; accepted < EVENTS && turn < MOST_TURNS; turn++) {
            accepted += BATCH
                    * Load.closed(evefan.server().port(), Bodies.batches(BATCH), CONNECTIONS, options.seconds())
                            .accepted();
            evefan.database().await(evefan.mark(), LIMIT_SECONDS);
        }
    }

    /** The events a second of a replay that has the destination for itself. */
    private static double idle(Evefan evefan, Figures figures, Instant since) throws Exception {
        long start = System.nanoTime();
        JsonNode done = await(evefan, begin(evefan, since));
        double seconds = (System.nanoTime() - start) / 1e9;
        long events = done.path("replayed").asLong();
        if (events < EVENTS || events != done.path("events").asLong()) {
            throw new IllegalStateException("not all was replayed: " + done);
        }
        figures.add("replayed events", events);
        figures.add("replayed per second", events / seconds);
        return events / seconds;
    }

    private static double beside(Evefan evefan, Figures figures, Options options, Instant since) throws Exception {
        long first = begin(evefan, since);
        long last = first;
        for (int i = 1; i < IN_A_ROW; i++) {
            last = begin(evefan, since); // waits for the one before
        }
        long before = replayed(evefan, first);
        long start = System.nanoTime();
        double beside = live(evefan, figures, options, "beside a replay: ");
        double seconds = (System.nanoTime() - start) / 1e9;
        figures.add("replayed per second beside live events", (replayed(evefan, first) - before) / seconds);
        for (long id = first; id <= last; id++) {
            evefan.manage("DELETE", "/v1/replays/" + id, "");
        }
        return beside;
    }

    private static long begin(Evefan evefan, Instant since) throws Exception {
        return evefan.manage(
                        "POST",
                        "/v1/replays",
                        "{\"destination\":\"" + DESTINATION + "\",\"since\":\"" + since + "\"}")
                .path("id")
                .asLong();
    }

    private static long replayed(Evefan evefan, long first) throws Exception {
        long replayed = 0;
        for (JsonNode one : evefan.manage("GET", "/v1/replays", "").path("replays")) {
            replayed += one.path("id").asLong() >= first ? one.path("replayed").asLong() : 0;
        }
        return replayed;
    }

    private static JsonNode await(Evefan evefan, long id) throws Exception {
        long deadline = System.nanoTime() + (long) (LIMIT_SECONDS * 1e9);
        while (System.nanoTime() < deadline) {
            for (JsonNode one : evefan.manage("GET", "/v1/replays", "").path("replays")) {
                if (one.path("id").asLong() == id && one.path("state").asText().equals("done")) {
                    return one;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("replay " + id + " is not done after " + LIMIT_SECONDS + " s");
    }
}
