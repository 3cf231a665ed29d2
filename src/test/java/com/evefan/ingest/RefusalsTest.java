package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.ingest.Refusals.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final AtomicLong now = new AtomicLong();
    private final Refusals refusals = new Refusals(now::get);

    @Test
    void countsByReasonAndSource() {
        refusals.add(400, "web");
        refusals.add(413, "");
        refusals.add(431, "");
        refusals.add(418, "web");

        assertThat(refusals.counts())
                .containsEntry(new Refused("malformed", "web"), 1L)
                .containsEntry(new Refused("malformed", ""), 0L)
                .containsEntry(new Refused("too_large", ""), 2L)
                .containsEntry(new Refused("internal", "web"), 1L)
                .containsEntry(new Refused("unavailable", ""), 0L);
    }

    @Test
    void tellsOfUnknownKeysOnceAMinute() {
        try (Lines lines = new Lines()) {
            refusals.unknownKey("who?", "203.0.113.7", "analytics-python/2.3.2\nfake line");
            refusals.unknownKey("who?", "203.0.113.8", null);
            refusals.unknownKey("who?", "203.0.113.9", null);
            now.addAndGet(TimeUnit.SECONDS.toNanos(60));
            refusals.unknownKey("who?", "203.0.113.7", null);

            assertThat(lines.all)
                    .containsExactly(
                            "A request from 203.0.113.7 (analytics-python/2.3.2 fake line) was refused: who?",
                            "A request from 203.0.113.7 (no User-Agent) was refused: who?; 2 more since the last such"
                                    + " line");
        }
    }

    /** What is logged meanwhile. */
    private static final class Lines extends AbstractAppender implements AutoCloseable {
        private final List<String> all = new ArrayList<>();
        private final Logger logger = (Logger) LogManager.getLogger(Refusals.class);

        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
            start();
            logger.addAppender(this);
        }

        @Override
        public void append(LogEvent event) {
            all.add(event.getMessage().getFormattedMessage());
        }

        @Override
        public void close() {
            logger.removeAppender(this);
            stop();
        }
    }
}
