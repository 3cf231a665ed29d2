package com.evefan.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.evefan.RunningEvefan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hawtio as an operator sees it, in a headless Chromium; skipped where there is none. With
 * {@code -Devefan.screenshot=docs/hawtio.png} it takes the picture for the README.
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
        Optional<Path> chromium = Browser.program();
        assumeTrue(chromium.isPresent(), "no Chromium on this machine");
        try (RunningEvefan evefan =
                        RunningEvefan.start(directory.resolve("data"), Map.of("evefan.admin.token", TOKEN));
                Browser browser = Browser.start(chromium.get(), directory.resolve("profile"))) {
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
                assertThat(browser.text()).contains("batch-postgres", "fan-out", "(ID: ingest-append)", "\n7\n");
            });
            takePicture(browser);
        }
    }

    /** A page that is still being built takes a click and does nothing with it: whoever looks clicks again. */
    private static void select(Browser browser) throws Exception {
        if (!browser.click(node("default-ingest") + " .pf-v6-c-tree-view__node")) {
            browser.click(node("default") + " button");
        }
    }

    /** The element of the tree that stands for a folder of routes, or for a route. */
    private static String node(String name) {
        return "[id=\"org.apache.camel-CamelContexts-evefan-routes-" + name + "-folder\"]";
    }

    private static void takePicture(Browser browser) throws Exception {
        String file = System.getProperty("evefan.screenshot", "");
        if (!file.isEmpty()) {
            Files.write(Path.of(file), browser.screenshot());
        }
    }
}
