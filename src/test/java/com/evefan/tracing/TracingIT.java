package com.evefan.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.evefan.RunningEvefan;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path data;

    private final ByteArrayOutputStream spans = new ByteArrayOutputStream();

    @Test
    void theSendersTraceGoesOnToEveryDelivery() throws Exception {
        // Given
        HttpServer collector = collector();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
        try (RunningEvefan evefan = RunningEvefan.start(data, Map.of("evefan.tracing.endpoint", endpoint))) {
            // When
            HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.url() + "/v1/track"))
                    .header("Authorization", "Basic d2tfZGV2Og==")
                    .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"userId\":\"ada\",\"event\":\"Traced\"}"))
                    .build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            // Then
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(spanWithin(TRACE, "delivered to postgres"))
                            .isTrue());
        } finally {
            collector.stop(0);
        }
    }

    private HttpServer collector() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body =
                    (gzip ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()).readAllBytes();
            synchronized (spans) {
                spans.writeBytes(body);
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Whether a span of {@code trace} has {@code name}: in protobuf the trace's id stands a little before the name. */
    private boolean spanWithin(String trace, String name) {
        String id = new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1);
        String text;
        synchronized (spans) {
            text = spans.toString(StandardCharsets.ISO_8859_1);
        }
        int at = text.indexOf(name);
        return at > 0 && text.substring(Math.max(0, at - 60), at).contains(id);
    }
}
