package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one destination gets while the other works, fails and hangs. Times are printed: they depend on the machine. */
class UnharmedIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int REQUESTS = 20;
    private static final int EVENTS = 200;

    @TempDir
    Path directory;

    @Test
    void aDeadDestinationTakesNothingFromTheOther() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (TwoDestinations both = TwoDestinations.start(directory, Map.of())) {
            send(both, "warm");

            // When
            long healthy = send(both, "healthy");
            both.flaky().answer(events -> 500);
            long failing = send(both, "failing");
            both.flaky().answer(events -> end.await(1, TimeUnit.MINUTES) ? 500 : 200);
            long hanging = send(both, "hanging");

            // Then
            System.out.printf(
                    "%d events at the other destination after %d ms; beside one that fails %d, that hangs %d%n",
                    REQUESTS * EVENTS, healthy, failing, hanging);
            assertThat(both.operator().count("steady", "retried")).isZero();
            assertThat(both.operator().health("steady").path("errors")).isEmpty();
            assertThat(both.operator().count("flaky", "delivered")).isEqualTo(2 * REQUESTS * EVENTS);
            end.countDown();
        } finally {
            end.countDown();
        }
    }

    /** Returns how long it took, in milliseconds, until the steady destination had all of them, in order. */
    private static long send(TwoDestinations both, String prefix) throws Exception {
        long begin = System.nanoTime();
        for (int request = 0; request < REQUESTS; request++) {
            both.operator().send(prefix, request * EVENTS, (request + 1) * EVENTS);
        }
        await().atMost(LIMIT)
                .until(() -> TwoDestinations.taken(both.steady(), prefix).size() == REQUESTS * EVENTS);
        assertThat(TwoDestinations.taken(both.steady(), prefix))
                .isEqualTo(TwoDestinations.ids(prefix, REQUESTS * EVENTS));
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
