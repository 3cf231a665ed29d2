package com.evefan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Senders as SDKs are: each has users of its own whose events it numbers, sends a request again, to another node, until it is
 * answered with 200, and only then the next.
 */
final class UserLoad implements AutoCloseable {
    private static final int SENDERS = 4;
    private static final int USERS_EACH = 5;
    private static final int REQUEST = 5;
    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** Longer than Evefan waits for Kafka. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, Integer> refusals = new ConcurrentHashMap<>();
    private final List<String> urls;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicInteger refused = new AtomicInteger();
    private final List<Thread> senders = new ArrayList<>();

    private UserLoad(List<String> urls) {
        this.urls = urls;
    }

    /** Begins, on nodes that may come and go. */
    static UserLoad on(String... urls) {
        UserLoad load = new UserLoad(new CopyOnWriteArrayList<>(urls));
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            Thread thread = new Thread(() -> load.send(sender), "load-" + i);
            load.senders.add(thread);
            thread.start();
        }
        return load;
    }

    void also(String url) {
        urls.add(url);
    }

    private void send(int sender) {
        Map<String, Integer> sent = new HashMap<>();
        int turn = sender;
        try {
            while (running.get()) {
                String user = "s" + sender + "u" + turn++ % USERS_EACH;
                int first = sent.getOrDefault(user, 0);
                List<String> ids = new ArrayList<>();
                for (int i = first; i < first + REQUEST; i++) {
                    ids.add(user + "-" + i);
                }
                if (sendUntilTaken(user, ids, turn)) {
                    sent.put(user, first + REQUEST);
                    acknowledged.addAll(ids);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sendUntilTaken(String user, List<String> ids, int turn) throws InterruptedException {
        String body = "{\"batch\":["
                + String.join(
                        ",",
                        ids.stream()
                                .map(id -> "{\"type\":\"track\",\"messageId\":\"" + id + "\",\"userId\":\"" + user
                                        + "\",\"event\":\"Loaded\"}")
                                .toList())
                + "]}";
        long end = System.nanoTime() + LIMIT.toNanos();
        for (int attempt = 0; System.nanoTime() < end; attempt++) {
            try {
                String url = urls.get((turn + attempt) % urls.size());
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/batch"))
                        .timeout(PATIENCE)
                        .header(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString("wk_dev:".getBytes(UTF_8)))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                int status = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == 200) {
                    return true;
                }
                refusals.merge(status, 1, Integer::sum);
            } catch (IOException e) {
                // that node is gone
            }
            refused.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }

    int count() {
        return acknowledged.size();
    }

    /** Waits until so many more events were taken. */
    void awaitMore(int events) {
        int enough = count() + events;
        await().atMost(LIMIT).until(() -> count() >= enough);
    }

    /** Every event that was taken is one row; at the hook, each user's first deliveries are in order. */
    void assertDelivered(Cluster cluster) throws Exception {
        close();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(Tracks.missing(acknowledged, cluster.database(), "public"))
                            .hasSize(0);
                    assertThat(cluster.hook().taken()).containsAll(acknowledged);
                });
        assertThat(refusals.keySet()).as(refusals.toString()).isSubsetOf(503);
        List<String> rows = Tracks.ids(cluster.database(), "public");
        assertThat(new HashSet<>(rows)).hasSameSizeAs(rows);
        Map<String, List<Integer>> order = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (String id : cluster.hook().taken()) {
            if (seen.add(id)) {
                String[] parts = id.split("-");
                order.computeIfAbsent(parts[0], user -> new ArrayList<>()).add(Integer.valueOf(parts[1]));
            }
        }
        order.forEach((user, numbers) -> assertThat(numbers).as(user).isSorted());
        System.out.println(
                acknowledged.size() + " events acknowledged, " + refused + " requests sent again " + refusals + ", "
                        + (cluster.hook().taken().size() - seen.size()) + " of " + seen.size()
                        + " events delivered more than once to the webhook");
    }

    @Override
    public void close() throws InterruptedException {
        running.set(false);
        for (Thread sender : senders) {
            sender.join();
        }
    }
}
