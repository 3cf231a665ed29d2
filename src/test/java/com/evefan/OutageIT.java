package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.destination.postgres.EmbeddedPostgresServer;
import com.evefan.destination.postgres.PostgresExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL stopped under load and started again, beside another destination, in an Evefan with 256 MB of heap.
 * {@code -Devefan.test.outage-seconds} says for how long; 15 if not.
 */
class OutageIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("evefan.test.outage-seconds", 15));
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int EVENTS_PER_SECOND = 400;

    @TempDir
    Path directory;

    private final int port = PostgresExtension.freePort();
    private EmbeddedPostgresServer postgres;
    private WebHook steady;
    private EvefanProcess evefan;
    private Operator operator;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedPostgresServer.start(directory.resolve("server"), port);
        steady = WebHook.start("steady");
        steady.routeTo(directory);
        String routes = RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/postgres.camel.yaml,file:" + directory
                + "/*.camel.yaml";
        Properties properties = RunningEvefan.overrides(
                directory.resolve("data"),
                Map.of(
                        "camel.main.routes-include-pattern",
                        routes,
                        "evefan.postgres.url",
                        postgres.url(),
                        "evefan.retry.max-delay-ms",
                        "2000"));
        evefan = EvefanProcess.start(256, properties, directory.resolve("log"));
        operator = new Operator(evefan.url());
    }

    @AfterEach
    void stop() throws Exception {
        evefan.close();
        steady.close();
        postgres.close();
    }

    @Test
    void costsNothingButDiskAndIsCaughtUpByItself() throws Exception {
        Set<String> acknowledged;
        try (Load load = Load.on(evefan.url(), "o-", Integer.MAX_VALUE, EVENTS_PER_SECOND)) {
            await().atMost(LIMIT).until(() -> operator.count("postgres", "delivered") > EVENTS_PER_SECOND);

            // When
            postgres.close();
            watch(load);
            postgres = EmbeddedPostgresServer.start(directory.resolve("server"), port);
            load.close();
            acknowledged = load.acknowledged();
        }

        // Then
        long begin = System.nanoTime();
        await().atMost(LIMIT.plus(OUTAGE)).until(() -> operator.count("postgres", "pending") == 0);
        Duration caughtUp = Duration.ofNanos(System.nanoTime() - begin);
        List<String> ids = Tracks.inOrderOfArrival(postgres.url(), "public");
        // Not AssertJ's own comparisons of collections: with 700,000 events they take hours.
        Set<String> stored = new HashSet<>(ids);
        assertThat(ids.size()).as("rows, of which different").isEqualTo(stored.size());
        assertThat(stored.containsAll(acknowledged))
                .as("every answered event is a row")
                .isTrue();
        assertThat(ids.equals(steady.taken())).as("the same order at both").isTrue();
        assertThat(operator.health("postgres").path("status").asText()).isEqualTo("up");
        System.out.println("outage of " + OUTAGE.toSeconds() + " s, " + ids.size()
                + " events, none lost or doubled, caught up " + caughtUp.toMillis() + " ms after the load's end");
    }

    /** Looks at everything ten times during the outage. */
    private void watch(Load load) throws Exception {
        for (int look = 1; look <= 10; look++) {
            int accepted = load.acknowledged().size();
            await().pollDelay(OUTAGE.dividedBy(10)).atMost(OUTAGE.plus(LIMIT)).until(() -> true);
            assertThat(load.acknowledged().size()).as("accepted meanwhile").isGreaterThan(accepted);
            await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") >= accepted);
            assertThat(operator.count("postgres", "deadLetters")).isZero();
            System.out.printf(
                    "outage: %d events wait, %d at the other destination, %d KB resident%n",
                    operator.count("postgres", "pending"),
                    operator.count("steady", "delivered"),
                    evefan.residentKilobytes());
        }
    }
}
