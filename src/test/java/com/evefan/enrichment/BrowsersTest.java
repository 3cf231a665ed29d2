package com.evefan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.useragent.UserAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** New user agents of which each takes 30 ms, as hostile ones do. */
class BrowsersTest {
    private static final long MILLISECOND = 1_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final List<String> parsed = new ArrayList<>();
    private final Browsers browsers = new Browsers(
            userAgent -> {
                parsed.add(userAgent);
                now.addAndGet(30 * MILLISECOND);
                return new UserAgent("Firefox", "1", "", "", "");
            },
            now::get);

    @Test
    void spendsATenthOfASecondOnNewOnesAtOnce() {
        for (int i = 0; i < 400; i++) {
            browsers.find("hostile " + i);
        }
        assertThat(parsed).hasSizeBetween(3, 6);
    }

    @Test
    void spendsAQuarterOfTheTimeOnThem() {
        for (int i = 0; i < 10_000; i++) {
            browsers.find("hostile " + i);
            now.addAndGet(MILLISECOND);
        }
        assertThat(parsed.size() * 30 * MILLISECOND).isLessThan(now.get() / 4 + 200 * MILLISECOND);
        assertThat(parsed).hasSizeGreaterThan(80);
    }

    @Test
    void knowsWhatItHasFound() {
        // Given
        assertThat(browsers.known("a")).isNull();

        // When
        browsers.find("a");
        for (int i = 0; i < 400; i++) {
            browsers.find("hostile " + i);
        }

        // Then
        assertThat(browsers.known("a")).containsKey("browser");
        assertThat(browsers.find("a")).containsKey("browser");
    }
}
