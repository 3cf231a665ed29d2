package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private final Authentication authentication = new Authentication(new Sources(
            List.of(new Source("web", "wk_web"), new Source("shop", "wk_shop"), new Source("off", "wk_off", false))));

    @Test
    void findsTheSameSourceEveryTime() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(source(basic("wk_web:"))).isEqualTo("web");
            assertThat(source(basic("wk_shop:"))).isEqualTo("shop");
        }
    }

    @Test
    void takesAnyNumberOfPasswords() throws Exception {
        for (int i = 0; i < 2500; i++) {
            assertThat(source(basic("wk_web:" + i))).isEqualTo("web");
        }
        assertThat(source(basic("wk_web:" + "long".repeat(1000)))).isEqualTo("web");
    }

    @Test
    void refusesASourceThatIsOffOrUnknownEveryTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> source(basic("wk_off:"))).isInstanceOf(UnauthorizedException.class);
            assertThatThrownBy(() -> source(basic("nope:"))).isInstanceOf(UnauthorizedException.class);
        }
    }

    @Test
    void looksAtTheBodyOfAHeaderItKnows() throws Exception {
        // Given
        assertThat(source(basic("wk_web:"))).isEqualTo("web");

        // Then
        assertThatThrownBy(() -> authentication.authenticate(List.of(basic("wk_web:")), Optional.of("nope"), List.of()))
                .isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void goesOnWhereAHeaderNamesNoSource() throws Exception {
        Sender sender = authentication.authenticate(List.of(basic(":")), Optional.empty(), List.of("wk_shop"));
        assertThat(sender.source().name()).isEqualTo("shop");
    }

    private String source(String header) throws UnauthorizedException {
        return authentication
                .authenticate(List.of(header), Optional.empty(), List.of())
                .source()
                .name();
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }
}
