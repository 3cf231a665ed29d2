package com.evefan.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

/**
 * What browser and mobile SDKs ask for before they send anything. Exactly one integration: with none they drop every
 * event without an error, and of a second one they load the code from Segment. No {@code apiHost}: it would override the
 * app's own. Bound as {@code sdkSettings}.
 */
public final class SdkSettings {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PREFIX = "/v1/projects/";

    private final Sources sources;

    public SdkSettings(Sources sources) {
        this.sources = sources;
    }

    /**
     * The settings of the source whose write key stands in the path.
     *
     * @throws UnknownWriteKeyException when it is none (404)
     */
    public byte[] of(@Header(Exchange.HTTP_PATH) String path, Message message)
            throws UnknownWriteKeyException, JsonProcessingException {
        String writeKey = writeKey(path);
        if (sources.of(writeKey).isEmpty()) {
            throw new UnknownWriteKeyException();
        }
        message.setHeader(Exchange.CONTENT_TYPE, Answers.JSON_TYPE);
        message.setHeader("Cache-Control", "public, max-age=300");
        return JSON.writeValueAsBytes(settings(writeKey));
    }

    private static String writeKey(String path) throws UnknownWriteKeyException {
        int slash = path.indexOf('/', PREFIX.length());
        try {
            String encoded = path.substring(PREFIX.length(), slash).replace("+", "%2B");
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnknownWriteKeyException();
        }
    }

    private static ObjectNode settings(String writeKey) {
        ObjectNode settings = JSON.createObjectNode();
        ObjectNode segment = settings.putObject("integrations").putObject("Segment.io");
        segment.put("apiKey", writeKey).put("addBundledMetadata", true).putArray("unbundledIntegrations");
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
}
