package com.evefan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is answered with 200 outlives a node and a broker with their disks. {@code mvn verify -Pcluster} runs it. */
@EnabledIfSystemProperty(named = "evefan.test.cluster", matches = "true")
class NodeLossIT {
    private static final int ROUNDS = Integer.getInteger("evefan.test.cluster-rounds", 1);

    @TempDir
    Path directory;

    @Test
    void losesNothingWithANodeNorWithABroker() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            EvefanProcess lost = cluster.node("a0");
            EvefanProcess stays = cluster.node("b");
            try (UserLoad load = UserLoad.on(lost.url(), stays.url())) {
                for (int round = 0; round < ROUNDS; round++) {
                    load.awaitMore(500);
                    lost.kill();
                    delete(cluster.data("a" + round));
                    load.awaitMore(500);
                    lost = cluster.node("a" + (round + 1));
                    load.also(lost.url());
                    load.awaitMore(500);
                    int broker = round % 3;
                    cluster.kafka().kill(broker);
                    cluster.kafka().deleteLog(broker);
                    load.awaitMore(500);
                    cluster.kafka().begin(broker);
                    cluster.kafka().awaitBrokers(3);
                    load.awaitMore(500);
                }

                load.assertDelivered(cluster);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
