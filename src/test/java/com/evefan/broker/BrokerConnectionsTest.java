package com.evefan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerConnectionsTest {
    private static final String BOUNDS = "timeout=5000&maxReconnectAttempts=8&maxReconnectDelay=1000";

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "tcp://broker:61616 tcp://broker:61616",
                "failover:(tcp://a:1,tcp://b:1) failover:(tcp://a:1,tcp://b:1)?" + BOUNDS,
                "failover:(tcp://a:1?x=1)?randomize=false failover:(tcp://a:1?x=1)?randomize=false&" + BOUNDS,
                "failover:(tcp://a:1)?maxReconnectDelay=9&timeout=9&maxReconnectAttempts=9 "
                        + "failover:(tcp://a:1)?maxReconnectDelay=9&timeout=9&maxReconnectAttempts=9"
            })
    void failoverDoesNotWaitForEver(String url, String expected) {
        assertThat(BrokerConnections.url(new BrokerSettings(url, "", "", Path.of("x"), 1)))
                .isEqualTo(expected);
    }
}
