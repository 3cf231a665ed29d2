package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A destination that works, but is slower than what it gets. */
class OverflowIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int BEHIND = 1_000;
    private static final int REQUEST = 100;

    @TempDir
    Path directory;

    private int sent;

    @Test
    void goesOnWhileMoreComesThanItTakesAndKeepsTheOrder() throws Exception {
        try (TwoDestinations both = TwoDestinations.start(directory, Map.of())) {
            WebHook slow = both.flaky();
            Operator operator = both.operator();
            CountDownLatch never = new CountDownLatch(1);
            slow.answer(events -> never.await(1, TimeUnit.SECONDS) ? 500 : 200);

            // When
            await().atMost(LIMIT).until(() -> {
                send(operator);
                return operator.count("flaky", "pending") > BEHIND;
            });

            // Then
            await().atMost(LIMIT).until(() -> operator.count("steady", "delivered") == sent);
            assertThat(operator.count("flaky", "pending")).isPositive();
            slow.answer(events -> 200);
            await().atMost(LIMIT).until(() -> operator.count("flaky", "delivered") == sent);
            List<String> taken = slow.taken();
            assertThat(taken).hasSize(sent).isEqualTo(both.steady().taken());
            assertThat(new HashSet<>(taken)).hasSize(sent);
            assertThat(operator.health("flaky").path("status").asText()).isEqualTo("up");
        }
    }

    private void send(Operator operator) throws Exception {
        operator.send("s", sent, sent + REQUEST);
        sent += REQUEST;
    }
}
