package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.management.Tokens;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;

/** The whole of Evefan in this process, on free ports and a data directory of its own. */
public final class RunningEvefan implements AutoCloseable {
    /** {@code camel.main.routes-include-pattern} for all routes but those of destinations. */
    public static final String SHELL_ROUTES =
            "file:routes/ingest/*.camel.yaml,file:routes/pipeline/*.camel.yaml,file:routes/operate/*.camel.yaml";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Evefan evefan;
    private final Configuration configuration;

    private RunningEvefan(Evefan evefan, Configuration configuration) {
        this.evefan = evefan;
        this.configuration = configuration;
    }

    /** @param properties what differs from the defaults, apart from the ports */
    public static RunningEvefan start(Path data, Map<String, String> properties) throws Exception {
        Configuration configuration = Configuration.load(overrides(data, properties));
        return new RunningEvefan(Evefan.start(configuration), configuration);
    }

    /** The properties of an Evefan beside others: free ports, its own data. */
    public static Properties overrides(Path data, Map<String, String> properties) throws IOException {
        Properties overrides = new Properties();
        overrides.setProperty("evefan.data.directory", data.toString());
        overrides.setProperty("evefan.http.port", String.valueOf(freePort()));
        overrides.setProperty("camel.management.port", String.valueOf(freePort()));
        overrides.setProperty("evefan.postgres.embedded.port", String.valueOf(freePort()));
        overrides.putAll(properties);
        return overrides;
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public Configuration configuration() {
        return configuration;
    }

    public CamelContext camelContext() {
        return evefan.camelContext();
    }

    /** The URL of ingestion without a path. */
    public String url() {
        return "http://127.0.0.1:" + configuration.http().port();
    }

    /** The URL of the management port without a path. */
    public String managementUrl() {
        return "http://127.0.0.1:" + configuration.property("camel.management.port");
    }

    /** The admin's, made by Evefan where none is set. */
    public String adminToken() throws IOException {
        return Tokens.admin(configuration.management());
    }

    /** Posts {@code body} with the development write key. */
    public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(url(), path, body);
    }

    public static HttpResponse<String> post(String url, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("wk_dev:".getBytes()))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        evefan.close();
    }
}
