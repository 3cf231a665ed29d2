package com.evefan.console;

import com.evefan.admin.ApiException;
import com.evefan.command.KnownCertificate;
import com.evefan.ingest.HttpSettings;
import com.evefan.ingest.Source;
import com.evefan.ingest.Sources;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/** Sends events as a source would: to this Evefan's own ingestion, so that they go the way of every event. */
public final class OwnSender {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpSettings settings;
    private final Sources sources;

    public OwnSender(HttpSettings settings, Sources sources) {
        this.settings = settings;
        this.sources = sources;
    }

    /** The source {@code name}, which takes events. */
    Source source(String name) throws ApiException {
        for (Source source : sources.all()) {
            if (source.name().equals(name)) {
                if (!source.enabled()) {
                    throw new ApiException(
                            409, "source " + name + " is switched off: evefan.source." + name + ".enabled");
                }
                return source;
            }
        }
        throw new ApiException(404, "there is no source " + name + ", only " + sources.all());
    }

    /**
     * Sends {@code event}; when this returns, it is on disk.
     *
     * @throws ApiException 400 with ingestion's words where it is refused, 502 where ingestion does not answer
     */
    void send(Source source, ObjectNode event) throws ApiException, InterruptedException {
        ObjectNode body = Console.JSON.createObjectNode();
        body.putArray("batch").add(event);
        try {
            HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(PATIENCE);
            if (settings.tls().enabled()) {
                client.sslContext(
                        KnownCertificate.trusted(Path.of(settings.tls().certificate())));
            }
            String key = source.writeKey() + ":";
            HttpResponse<String> answer = client.build()
                    .send(
                            HttpRequest.newBuilder(URI.create(url(settings) + "/v1/batch"))
                                    .timeout(PATIENCE)
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(key.getBytes(StandardCharsets.UTF_8)))
                                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            JsonNode json = Console.JSON.readTree(answer.body());
            JsonNode rejected = json.path("rejected").path(0).path("error");
            if (rejected.isTextual()) {
                throw new ApiException(400, rejected.asText());
            }
            if (answer.statusCode() != 200) {
                int status = answer.statusCode() < 500 ? 400 : 502;
                throw new ApiException(status, json.path("error").asText("ingestion answered " + answer.statusCode()));
            }
        } catch (IOException e) {
            throw new ApiException(502, "ingestion does not answer: " + e);
        }
    }

    /** Where this machine reaches ingestion. */
    private static String url(HttpSettings settings) throws IOException {
        InetAddress address = InetAddress.getByName(settings.host());
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : settings.host();
        return (settings.tls().enabled() ? "https://" : "http://")
                + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
                + ":" + settings.port();
    }

    /** Where senders reach ingestion: as the setting says, or else as this machine does. */
    public static String publicUrl(HttpSettings settings) {
        try {
            return settings.publicUrl().isEmpty() ? url(settings) : settings.publicUrl();
        } catch (IOException e) {
            return "http://" + settings.host() + ":" + settings.port();
        }
    }
}
