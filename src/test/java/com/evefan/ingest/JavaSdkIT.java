package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.Rows;
import com.evefan.RunningEvefan;
import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.TrackMessage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java SDK as it comes. */
class JavaSdkIT {
    private static final int CALLS = 200;

    @TempDir
    Path data;

    @Test
    void hasEveryCallAcknowledgedAndStoredOnce() throws Exception {
        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of())) {
            // Given
            CountDownLatch acknowledged = new CountDownLatch(CALLS);
            AtomicInteger failed = new AtomicInteger();
            Analytics analytics = Analytics.builder("wk_dev")
                    .endpoint(evefan.url())
                    .flushQueueSize(30)
                    .callback(callback(acknowledged, failed))
                    .build();

            // When
            for (int n = 0; n < CALLS; n++) {
                analytics.enqueue(
                        n % 2 == 0
                                ? TrackMessage.builder("Call").userId("u" + n).properties(Map.of("n", n))
                                : IdentifyMessage.builder().userId("u" + n).traits(Map.of("n", n)));
            }
            analytics.enqueue(TrackMessage.builder("Last").userId("last").messageId("last"));
            analytics.flush();

            // Then
            assertThat(acknowledged.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(failed).hasValue(0);
            Rows rows = new Rows(evefan);
            rows.awaitOne("tracks", "last");
            assertThat(rows.text("select count(distinct user_id) || ' ' || count(*) from tracks"))
                    .isEqualTo("101 101");
            assertThat(rows.text("select count(distinct user_id) || ' ' || count(*) from identifies"))
                    .isEqualTo("100 100");
            analytics.shutdown();
        }
    }

    private static Callback callback(CountDownLatch acknowledged, AtomicInteger failed) {
        return new Callback() {
            @Override
            public void success(Message message) {
                acknowledged.countDown();
            }

            @Override
            public void failure(Message message, Throwable error) {
                failed.incrementAndGet();
            }
        };
    }
}
