package com.evefan.sdk;

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.MessageBuilder;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The Java SDK, a mixed run of calls; prints the id of every call, and every one that the SDK gives up. */
public final class JavaSdkRun {
    private static final int RETRIES = 30;

    private JavaSdkRun() {}

    /** Arguments: URL, write key, number of calls, milliseconds between them. */
    public static void main(String[] arguments) throws Exception {
        int calls = Integer.parseInt(arguments[2]);
        long pause = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[3]));
        CountDownLatch open = new CountDownLatch(calls);
        Analytics analytics = Analytics.builder(arguments[1])
                .endpoint(arguments[0])
                .flushQueueSize(50)
                .flushInterval(10, TimeUnit.SECONDS)
                .retries(RETRIES)
                .callback(new Callback() {
                    @Override
                    public void success(Message message) {
                        open.countDown();
                    }

                    @Override
                    public void failure(Message message, Throwable error) {
                        System.out.println("failed " + message.messageId() + " " + error);
                        open.countDown();
                    }
                })
                .messageInterceptor(message -> {
                    System.out.println("id " + message.messageId());
                    return message;
                })
                .build();
        for (int n = 0; n < calls; n++) {
            analytics.enqueue(message(n));
            LockSupport.parkNanos(pause);
        }
        analytics.flush();
        open.await(20, TimeUnit.MINUTES);
        analytics.shutdown();
        System.exit(0);
    }

    private static MessageBuilder<?, ?> message(int n) {
        MessageBuilder<?, ?> builder = switch (n % 6) {
            case 0 -> TrackMessage.builder("Java " + n).properties(Map.of("n", n));
            case 1 -> IdentifyMessage.builder().traits(Map.of("n", n));
            case 2 -> PageMessage.builder("Page " + n);
            case 3 -> ScreenMessage.builder("Screen " + n);
            case 4 -> GroupMessage.builder("group-" + n);
            default -> AliasMessage.builder("old-" + n);
        };
        return builder.userId("java-" + n);
    }
}
