package com.evefan.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * What browser and mobile SDKs ask for before they send anything. To Segment's exactly one integration: with none they
 * drop every event without an error, and of a second one they load the code from Segment. It names Evefan as the place
 * for events, so that an app whose SDK was told one host only works. Bound as {@code sdkSettings}.
 */
public final class SdkSettings {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIVE_MINUTES = "public, max-age=300";
    /** SDKs want a time of the last change; nothing ever changes. */
    private static final String UPDATED = "2026-01-01T00:00:00.000Z";

    private final Sources sources;
    private final PublicUrl url;

    public SdkSettings(Sources sources, HttpSettings settings, TrustedProxies proxies) {
        this.sources = sources;
        this.url = new PublicUrl(settings, proxies);
    }

    /**
     * Segment's: {@code /v1/projects/{writeKey}/settings}.
     *
     * @throws UnknownWriteKeyException when the key is none (404)
     */
    public byte[] of(Exchange exchange) throws UnknownWriteKeyException, JsonProcessingException {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String[] parts = request.path().split("/", -1);
        String writeKey = parts.length < 5 ? "" : decoded(parts[3]);
        if (sources.of(writeKey).isEmpty()) {
            throw new UnknownWriteKeyException();
        }
        Message message = exchange.getMessage();
        message.setHeader(Exchange.CONTENT_TYPE, Answers.JSON_TYPE);
        message.setHeader("Cache-Control", FIVE_MINUTES);
        return JSON.writeValueAsBytes(settings(writeKey, url.of(request)));
    }

    /**
     * RudderStack's: {@code /sourceConfig}, which names the key as the user of HTTP Basic or as {@code ?writeKey=}.
     *
     * @throws UnauthorizedException when the key is none (401)
     */
    public byte[] sourceConfig(Exchange exchange) throws UnauthorizedException, JsonProcessingException {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String source = Authentication.ofHead(request, sources);
        if (source.isEmpty()) {
            throw new UnauthorizedException(
                    "the write key of an enabled source is required, as the user of HTTP Basic authentication");
        }
        Message message = exchange.getMessage();
        message.setHeader(Exchange.CONTENT_TYPE, Answers.JSON_TYPE);
        // Of one write key, which is not in the URL.
        message.setHeader("Cache-Control", "private, max-age=300");
        return JSON.writeValueAsBytes(sourceConfig(source, url.of(request)));
    }

    static String decoded(String part) throws UnknownWriteKeyException {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnknownWriteKeyException();
        }
    }

    private ObjectNode settings(String writeKey, Optional<String> base) {
        ObjectNode settings = JSON.createObjectNode();
        ObjectNode segment = settings.putObject("integrations").putObject("Segment.io");
        segment.put("apiKey", writeKey).put("addBundledMetadata", true).putArray("unbundledIntegrations");
        base.ifPresent(to -> {
            int host = to.indexOf("://") + 3;
            segment.put("protocol", to.substring(0, host - 3)).put("apiHost", to.substring(host) + url.events());
        });
        settings.putObject("plan")
                .putObject("track")
                .putObject("__default")
                .put("enabled", true)
                .putObject("integrations");
        settings.putObject("edgeFunction");
        settings.putObject("metrics").put("sampleRate", 0);
        settings.putArray("remotePlugins");
        return settings;
    }

    private static ObjectNode sourceConfig(String name, Optional<String> base) {
        ObjectNode answer = JSON.createObjectNode().put("isHosted", true).put("updatedAt", UPDATED);
        ObjectNode source = answer.putObject("source")
                .put("id", name)
                .put("name", name)
                .put("enabled", true)
                .put("workspaceId", "evefan")
                .put("updatedAt", UPDATED);
        ObjectNode collection = source.putObject("config").putObject("statsCollection");
        collection.putObject("errors").put("enabled", false);
        collection.putObject("metrics").put("enabled", false);
        base.ifPresent(to -> source.putObject("dataplanes")
                .putArray("US")
                .addObject()
                .put("url", to)
                .put("default", true));
        source.putArray("destinations");
        source.putArray("connections");
        source.putObject("sourceDefinition").put("name", "evefan");
        return answer;
    }
}
