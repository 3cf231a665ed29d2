package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.evefan.Chromium;
import com.evefan.RunningEvefan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hawtio as an operator sees it, in a headless Chromium; skipped where there is none. With
 * {@code -Devefan.screenshots=docs} it takes the picture for the README.
 */
@EnabledIfSystemProperty(named = "evefan.test.browser", matches = "true", disabledReason = "-Devefan.test.browser=true")
class HawtioIT {
    private static final String TOKEN = "a-token-for-this-test";
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    @Test
    void showsTheRoutesWithTheirCounts() throws Exception {
        // Given
        Optional<String> missing = Chromium.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        try (RunningEvefan evefan =
                        RunningEvefan.start(directory.resolve("data"), Map.of("evefan.admin.token", TOKEN));
                Chromium browser = Chromium.start(directory.resolve("profile"))) {
            for (int i = 0; i < 7; i++) {
                assertThat(evefan.post("/v1/track", "{\"userId\":\"ada\",\"event\":\"Seen\"}")
                                .statusCode())
                        .isEqualTo(200);
            }

            // When
            browser.size(1280, 800);
            browser.authenticate(TOKEN);
            browser.open(evefan.managementUrl() + "/hawtio/");

            // Then
            await().atMost(LIMIT).pollInterval(LOOK_EVERY).untilAsserted(() -> {
                select(browser);
                assertThat(browser.text()).contains("batch-postgres", "fan-out", "(ID: ingest-append)", " 7 ");
            });
            browser.picture(System.getProperty("evefan.screenshots", ""), "hawtio");
        }
    }

    /** A page that is still being built takes a click and does nothing with it: whoever looks clicks again. */
    private static void select(Chromium browser) {
        if (!click(browser, node("default-ingest") + " .pf-v6-c-tree-view__node")) {
            click(browser, node("default") + " button");
        }
    }

    /** The element of the tree that stands for a folder of routes, or for a route. */
    private static String node(String name) {
        return "[id=\"org.apache.camel-CamelContexts-evefan-routes-" + name + "-folder\"]";
    }

    /** Whether there is such an element. */
    private static boolean click(Chromium browser, String css) {
        return Boolean.TRUE.equals(browser.run(
                "const e = document.querySelector(arguments[0]); if (e) e.click(); return Boolean(e)", css));
    }
}
