package com.evefan.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.RunningEvefan;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** The server listens before the routes run. */
class StartingServerTest {
    @Test
    void answers503UntilTheRoutesRun() throws Exception {
        int port = RunningEvefan.freePort();
        HttpSettings settings = new HttpSettings(
                "127.0.0.1",
                port,
                1 << 20,
                1 << 22,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                10,
                10,
                TlsSettings.NONE,
                "",
                java.util.Map.of());
        Sources sources = new Sources(List.of(new Source("web", "k")));
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            HttpServer server = new HttpServer(settings, sources, new TrustedProxies(List.of()), camel);
            camel.addService(server);
            camel.start();
            Client client = new Client("http://127.0.0.1:" + port);

            HttpResponse<String> starting = client.post("/v1/track", "{}");
            server.open();
            HttpResponse<String> started = client.post("/v1/track", "{}");

            assertThat(starting.statusCode()).isEqualTo(503);
            assertThat(starting.headers().firstValue("Retry-After")).contains("5");
            assertThat(starting.body()).contains("Evefan is starting");
            assertThat(started.statusCode()).isEqualTo(404); // no route is there at all
        }
    }
}
