package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.1", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.9 | 203.0.113.7                       | 198.51.100.9",
                "10.1.2.3     | 203.0.113.7                       | 203.0.113.7",
                "10.1.2.3     | 1.1.1.1, 203.0.113.7              | 203.0.113.7",
                "10.1.2.3     | 1.1.1.1, 203.0.113.7, 10.9.9.9    | 203.0.113.7",
                "192.0.2.1    | 203.0.113.7:5060                  | 203.0.113.7",
                "fd00::1      | [2001:db8::1]:443                 | 2001:db8::1",
                "fd00::1      | 2001:db8::1                       | 2001:db8::1",
                "10.1.2.3     | 203.0.113.7, <script>             | 10.1.2.3",
                "10.1.2.3     | 10.4.4.4, 10.5.5.5                | 10.4.4.4",
                "192.0.2.2    | 203.0.113.7                       | 192.0.2.2",
            })
    void findsTheSenderBehindThem(String peer, String forwardedFor, String sender) {
        assertThat(proxies.sender(peer, List.of(forwardedFor))).isEqualTo(sender);
    }

    @Test
    void readsSeveralHeadersAsOne() {
        assertThat(proxies.sender("10.1.2.3", List.of("203.0.113.7", "10.4.4.4")))
                .isEqualTo("203.0.113.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.org", "10.0.0.0/99", "10.0.0/8", "10.0.0.0/x"})
    void refusesWhatIsNoAddress(String range) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(range)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("evefan.http.trusted-proxies");
    }
}
