package com.evefan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerStatusTest {
    @ParameterizedTest
    @CsvSource({"0,up,''", "84,up,''", "85,nearly full,85% full", "99,nearly full,99% full", "100,full,is full"})
    void saysHowFullTheStoreIs(int percent, String status, String text) {
        BrokerStatus broker = new BrokerStatus(true, Instant.EPOCH, null, percent, List.of());

        // Then
        assertThat(broker.wireName()).isEqualTo(status);
        assertThat(broker.text()).contains(text);
        assertThat(broker.text().isEmpty()).isEqualTo(text.isEmpty());
    }

    @Test
    void saysWhatIsLostAndWhyItIsDown() {
        assertThat(new BrokerStatus(true, Instant.EPOCH, null, 1, List.of("one", "two")).text())
                .isEqualTo("one; two");
        assertThat(new BrokerStatus(false, Instant.EPOCH, "refused", 100, List.of("one")).text())
                .isEqualTo("refused");
        assertThat(new BrokerStatus(false, Instant.EPOCH, "refused", 100, List.of()).wireName())
                .isEqualTo("down");
    }
}
