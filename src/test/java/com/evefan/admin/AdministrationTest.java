package com.evefan.admin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdministrationTest {
    private static final SocketAddress HERE = SocketAddress.inetSocketAddress(1, "127.0.0.1");
    private static final SocketAddress THERE = SocketAddress.inetSocketAddress(1, "192.0.2.7");

    private final Administration open = new Administration(new AdminSettings(""));
    private final Administration closed = new Administration(new AdminSettings("correct-horse"));

    @Test
    void takesTheTokenAsBearerOrBasic() {
        for (String header : new String[] {
            "Bearer correct-horse", "Basic " + base64("admin:correct-horse"), "basic " + base64("correct-horse:")
        }) {
            assertThatCode(() -> closed.authorize(header, "evefan.example", null, null, null, THERE))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer ", "Basic %%%", "Basic d3Jvbmc6d3Jvbmc=", "correct-horse", ""})
    void refusesEverythingElse(String header) {
        assertThatThrownBy(() -> closed.authorize(header, "localhost", null, null, null, HERE))
                .isInstanceOf(ForbiddenException.class)
                .hasMessageNotContaining("correct-horse");
    }

    @Test
    void withoutATokenTakesProgramsOnThisMachineOnly() {
        assertThatCode(() -> open.authorize(null, "localhost:8080", null, null, null, HERE))
                .doesNotThrowAnyException();
        refused(null, null, "localhost", THERE);
        refused(null, null, "rebound.example", HERE);
        refused("https://page.example", null, "localhost", HERE);
        refused(null, "192.0.2.7", "localhost", HERE);
    }

    private void refused(String origin, String forwardedFor, String host, SocketAddress caller) {
        assertThatThrownBy(() -> open.authorize(null, host, origin, forwardedFor, null, caller))
                .isInstanceOf(ForbiddenException.class);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
