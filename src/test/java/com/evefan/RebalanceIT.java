package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Nodes come, go and stand still under load. {@code mvn verify -Pcluster} runs it. */
@EnabledIfSystemProperty(named = "evefan.test.cluster", matches = "true")
class RebalanceIT {
    private static final int ROUNDS = Integer.getInteger("evefan.test.cluster-rounds", 1);

    @TempDir
    Path directory;

    @Test
    void keepsOrderAndLosesNothingAsNodesComeGoAndStandStill() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            EvefanProcess stays = cluster.node("a");
            try (UserLoad load = UserLoad.on(stays.url())) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitMore(300);
                    EvefanProcess second = cluster.node("b" + round);
                    load.also(second.url());
                    load.awaitMore(500);
                    second.suspend();
                    // The time itself is what is tested: longer than its session.
                    TimeUnit.MILLISECONDS.sleep(Cluster.SESSION_MS + 2_000);
                    load.awaitMore(300);
                    second.resume();
                    load.awaitMore(500);
                    assertThat(second.stop()).isZero();
                    load.awaitMore(300);
                }

                load.assertDelivered(cluster);
            }
        }
    }
}
